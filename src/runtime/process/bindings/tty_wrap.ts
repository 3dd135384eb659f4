import type { BindingFactory } from '../context.ts';
import { errnoOfError } from '../streams/handle-wrap.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

/** `internalBinding('tty_wrap')`: terminals. */
export const ttyWrap: BindingFactory = (context) => {
  const { sys } = context;
  const { LibuvStreamWrap } = streamClasses(context);

  class TTY extends LibuvStreamWrap {
    /** `status` receives the error of a descriptor that is no terminal. */
    constructor(fd: number, status?: { code?: string; errno?: number; message?: string; syscall?: string }) {
      super('TTYWRAP');
      if (isTTY(fd)) this.adopt(fd);
      else if (status !== undefined) {
        Object.assign(status, {
          errno: context.errnoOf('EINVAL'),
          code: 'EINVAL',
          message: 'invalid argument',
          syscall: 'uv_tty_init',
        });
      }
    }
    /** Fills [columns, rows]. */
    getWindowSize(size: number[]): number {
      try {
        const [columns, rows] = sys.call('terminalSize', this.fd);
        size[0] = columns;
        size[1] = rows;
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }
    setRawMode(raw: boolean): number {
      try {
        sys.call('setRawMode', this.fd, Boolean(raw));
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }
  }

  function isTTY(fd: number): boolean {
    try {
      return sys.call('descriptorKind', fd) === 'tty';
    } catch (error) {
      errnoOfError(context, error);
      return false;
    }
  }

  return { ...context.described('tty_wrap'), TTY, isTTY };
};
