import type { PassedDescriptor } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';
import { errnoOfError, handleClasses } from '../streams/handle-wrap.ts';
import { acceptConnections } from '../streams/listener.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

const SOCKET = 0;
const SERVER = 1;
const IPC = 2;

/** `internalBinding('pipe_wrap')`: pipes, socket pairs and sockets at a path. */
export const pipeWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { LibuvStreamWrap, complete } = streamClasses(context);
  const { AsyncWrap } = handleClasses(context);

  class Pipe extends LibuvStreamWrap {
    onconnection: unknown = null;
    #path: string | null = null;
    #listening = false;
    #isPassedListener = false;

    constructor(type: number) {
      super(type === SERVER ? 'PIPESERVERWRAP' : 'PIPEWRAP');
      if (type === IPC) this.becomeChannel();
    }
    protected override get sharesReads(): boolean {
      return true;
    }

    open(fd: number): number {
      this.adopt(fd);
      return 0;
    }
    bind(path: string): number {
      this.#path = path;
      return 0;
    }
    /** A socket or listener of another process. */
    adoptPassed({ fd, kind }: PassedDescriptor): void {
      this.#isPassedListener = kind === 'listener';
      this.adopt(fd);
    }
    listen(backlog: number): number {
      if (this.#isPassedListener) return this.#acceptNow();
      if (this.#path === null) return context.errnoOf('EINVAL');
      try {
        this.adopt(sys.call('listenPath', this.#path, backlog));
      } catch (error) {
        return errnoOfError(context, error);
      }
      return this.#acceptNow();
    }
    #acceptNow(): number {
      this.#listening = true;
      this.activate();
      const server = { handle: this, fd: this.fd, isClosed: () => this.isClosed };
      acceptConnections(context, server, ({ fd }) => {
        const pipe = new Pipe(SOCKET);
        pipe.adopt(fd);
        return pipe;
      });
      return 0;
    }
    override readStop(): number {
      return this.#listening ? 0 : super.readStop();
    }
    connect(request: object, path: string): number {
      asyncContext.register(request, 'PIPECONNECTWRAP');
      loop.ref();
      sys.callWith('connectPath', [path], (error, fd) => {
        loop.unref();
        if (this.isClosed) {
          if (fd !== undefined) sys.callWith('close', [fd], () => undefined);
          return complete(request, [context.errnoOf('ECANCELED'), this, request, false, false]);
        }
        if (fd !== undefined) this.adopt(fd);
        const status = error === null ? 0 : errnoOfError(context, error);
        complete(request, [status, this, request, status === 0, status === 0]);
      });
      return 0;
    }
    fchmod(): number {
      return 0;
    }
  }

  class PipeConnectWrap extends AsyncWrap {}

  return { ...context.described('pipe_wrap'), Pipe, PipeConnectWrap };
};
