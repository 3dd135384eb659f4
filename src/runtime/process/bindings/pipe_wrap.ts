import type { PassedDescriptor } from '../../kernel/descriptors.ts';
import type { BindingFactory } from '../context.ts';
import { errnoOfError, handleClasses } from '../streams/handle-wrap.ts';
import { acceptConnections } from '../streams/listener.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

const SOCKET = 0;
const SERVER = 1;
const IPC = 2;
/** As Node's library, for whoever says nothing else. */
const BACKLOG = 511;
const UV_READABLE = 1;
const UV_WRITABLE = 2;
const READ_BITS = 0o444;
const WRITE_BITS = 0o222;
/** Of `sockaddr_un`, with the NUL at its end. */
const MAX_PATH_BYTES = 108;

/** `internalBinding('pipe_wrap')`: pipes, socket pairs and sockets at a path. */
export const pipeWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { LibuvStreamWrap, complete } = streamClasses(context);
  const { AsyncWrap } = handleClasses(context);

  class Pipe extends LibuvStreamWrap {
    onconnection: unknown = null;
    #path: string | null = null;
    #listening = false;
    #isListener = false;
    readonly #isChannel: boolean;

    constructor(type: number) {
      super(type === SERVER ? 'PIPESERVERWRAP' : 'PIPEWRAP');
      this.#isChannel = type === IPC;
      if (this.#isChannel) this.becomeChannel();
    }

    open(fd: number): number {
      // The parent has closed its duplicate, and nobody else was given one.
      if (this.#isChannel) {
        this.adoptOwn(fd);
        return 0;
      }
      try {
        this.#isListener = sys.call('descriptorKind', fd) === 'listener';
      } catch (error) {
        return errnoOfError(context, error);
      }
      this.adopt(fd);
      return 0;
    }
    bind(path: string): number {
      if (isTooLong(path)) return context.errnoOf('EINVAL');
      this.#path = path;
      return 0;
    }
    /** A socket or listener of another process. */
    adoptPassed({ fd, kind }: PassedDescriptor): void {
      this.#isListener = kind === 'listener';
      this.adopt(fd);
    }
    listen(backlog: number): number {
      const status = this.#isListener ? 0 : this.#takePath(backlog);
      return status === 0 ? this.#acceptNow() : status;
    }
    #takePath(backlog: number): number {
      if (this.#path === null) return context.errnoOf('EINVAL');
      try {
        this.adopt(sys.call('listenPath', this.#path, backlog));
        this.#isListener = true;
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }
    /** As for TCP: who gets a server that is only bound is to listen there. */
    override leaveThread(): void {
      if (this.fd < 0 && this.#path !== null) this.#takePath(BACKLOG);
      super.leaveThread();
    }
    #acceptNow(): number {
      this.#listening = true;
      this.activate();
      const server = { handle: this, fd: this.fd, isClosed: () => this.isClosed };
      acceptConnections(context, server, ({ fd }) => {
        const pipe = new Pipe(SOCKET);
        pipe.adoptOwn(fd);
        return pipe;
      });
      return 0;
    }
    override readStop(): number {
      return this.#listening ? 0 : super.readStop();
    }
    connect(request: object, path: string): number {
      if (isTooLong(path)) return context.errnoOf('EINVAL');
      asyncContext.register(request, 'PIPECONNECTWRAP', { trigger: this });
      loop.ref();
      sys.callWith('connectPath', [path], (error, fd) => {
        loop.unref();
        if (this.isClosed) {
          if (fd !== undefined) sys.callWith('close', [fd], () => undefined);
          return complete(request, [context.errnoOf('ECANCELED'), this, request, false, false]);
        }
        if (fd !== undefined) this.adoptOwn(fd);
        const status = error === null ? 0 : errnoOfError(context, error);
        complete(request, [status, this, request, status === 0, status === 0]);
      });
      return 0;
    }
    /** Adds read or write permission for everybody to the socket's file. */
    fchmod(flags: number): number {
      const path = this.#socketFile();
      if (path === null) return context.errnoOf('EBADF');
      const bits = (flags & UV_READABLE ? READ_BITS : 0) | (flags & UV_WRITABLE ? WRITE_BITS : 0);
      try {
        sys.call('chmod', path, (sys.call('stat', path, true).mode & 0o777) | bits);
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }

    /** The file of a server that listens at a path; a name that begins with a NUL has none. */
    #socketFile(): string | null {
      return this.#listening && this.#path !== null && !this.#path.startsWith('\0') ? this.#path : null;
    }
    #unlink(path: string): void {
      try {
        sys.call('unlink', path);
      } catch (error) {
        // Somebody else may have taken it away.
        errnoOfError(context, error);
      }
    }
    /** As libuv, a server that closes takes its file away. */
    protected override release(): void {
      const path = this.#socketFile();
      if (path !== null) this.#unlink(path);
      super.release();
    }
  }

  class PipeConnectWrap extends AsyncWrap {}

  return { ...context.described('pipe_wrap'), Pipe, PipeConnectWrap };
};

function isTooLong(path: string): boolean {
  return new TextEncoder().encode(path).length >= MAX_PATH_BYTES;
}
