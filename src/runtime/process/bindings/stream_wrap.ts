import type { BindingFactory } from '../context.ts';
import {
  kArrayBufferOffset,
  kBytesWritten,
  kLastWriteWasAsync,
  kReadBytesOrError,
  streamClasses,
} from '../streams/stream-wrap.ts';

/** `internalBinding('stream_wrap')`: the requests and the shared state of streams. */
export const streamWrap: BindingFactory = (context) => {
  const { LibuvStreamWrap, WriteWrap, ShutdownWrap, streamBaseState } = streamClasses(context);
  return {
    ...context.described('stream_wrap'),
    LibuvStreamWrap,
    WriteWrap,
    ShutdownWrap,
    streamBaseState,
    kReadBytesOrError,
    kArrayBufferOffset,
    kBytesWritten,
    kLastWriteWasAsync,
  };
};
