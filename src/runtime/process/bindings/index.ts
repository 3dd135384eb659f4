/** Which file makes which binding. What is not here comes from the description of the native one, with stubs that name themselves. */
import type { CoreBindingFactory } from '../core.ts';
import { asyncContextFrame } from './async_context_frame.ts';
import { asyncWrap } from './async_wrap.ts';
import { blob } from './blob.ts';
import { blockList } from './block_list.ts';
import { buffer } from './buffer.ts';
import { builtins } from './builtins.ts';
import { caresWrap } from './cares_wrap.ts';
import { config } from './config.ts';
import { constants } from './constants.ts';
import { contextify } from './contextify.ts';
import { credentials } from './credentials.ts';
import { crypto } from './crypto.ts';
import { diagnosticsChannel } from './diagnostics_channel.ts';
import { encodingBinding } from './encoding_binding.ts';
import { errors } from './errors.ts';
import { fsBinding } from './fs.ts';
import { fsDir } from './fs_dir.ts';
import { fsEventWrap } from './fs_event_wrap.ts';
import { heapUtils } from './heap_utils.ts';
import { httpParser } from './http_parser.ts';
import { http2 } from './http2.ts';
import { icu } from './icu.ts';
import { inspector } from './inspector.ts';
import { internalOnlyV8 } from './internal_only_v8.ts';
import { jsStream } from './js_stream.ts';
import { locks } from './locks.ts';
import { messaging } from './messaging.ts';
import { mksnapshot } from './mksnapshot.ts';
import { moduleWrap } from './module_wrap.ts';
import { modules } from './modules.ts';
import { options } from './options.ts';
import { os } from './os.ts';
import { performanceBinding } from './performance.ts';
import { permission } from './permission.ts';
import { pipeWrap } from './pipe_wrap.ts';
import { processMethods } from './process_methods.ts';
import { processWrap } from './process_wrap.ts';
import { profiler } from './profiler.ts';
import { report } from './report.ts';
import { sea } from './sea.ts';
import { serdes } from './serdes.ts';
import { signalWrap } from './signal_wrap.ts';
import { spawnSync } from './spawn_sync.ts';
import { streamWrap } from './stream_wrap.ts';
import { stringDecoder } from './string_decoder.ts';
import { symbols } from './symbols.ts';
import { taskQueue } from './task_queue.ts';
import { tcpWrap } from './tcp_wrap.ts';
import { timers } from './timers.ts';
import { tlsWrap } from './tls_wrap.ts';
import { traceEvents } from './trace_events.ts';
import { ttyWrap } from './tty_wrap.ts';
import { types } from './types.ts';
import { udpWrap } from './udp_wrap.ts';
import { url } from './url.ts';
import { urlPattern } from './url_pattern.ts';
import { util } from './util.ts';
import { uv } from './uv.ts';
import { v8 } from './v8.ts';
import { wasi } from './wasi.ts';
import { wasmWebApi } from './wasm_web_api.ts';
import { worker } from './worker.ts';
import { zlib } from './zlib.ts';

export const BINDINGS: Readonly<Record<string, CoreBindingFactory>> = {
  async_context_frame: asyncContextFrame,
  async_wrap: asyncWrap,
  blob,
  block_list: blockList,
  buffer,
  builtins,
  cares_wrap: caresWrap,
  config,
  constants,
  contextify,
  credentials,
  crypto,
  diagnostics_channel: diagnosticsChannel,
  encoding_binding: encodingBinding,
  errors,
  fs: fsBinding,
  fs_dir: fsDir,
  fs_event_wrap: fsEventWrap,
  heap_utils: heapUtils,
  http_parser: httpParser,
  http2,
  icu,
  inspector,
  internal_only_v8: internalOnlyV8,
  locks,
  messaging,
  mksnapshot,
  module_wrap: moduleWrap,
  modules,
  options,
  os,
  performance: performanceBinding,
  permission,
  js_stream: jsStream,
  pipe_wrap: pipeWrap,
  process_methods: processMethods,
  process_wrap: processWrap,
  profiler,
  report,
  sea,
  serdes,
  signal_wrap: signalWrap,
  spawn_sync: spawnSync,
  stream_wrap: streamWrap,
  string_decoder: stringDecoder,
  symbols,
  task_queue: taskQueue,
  tcp_wrap: tcpWrap,
  udp_wrap: udpWrap,
  timers,
  tls_wrap: tlsWrap,
  trace_events: traceEvents,
  tty_wrap: ttyWrap,
  types,
  url,
  url_pattern: urlPattern,
  util,
  uv,
  v8,
  wasi,
  wasm_web_api: wasmWebApi,
  worker,
  zlib,
};
