/** The optional part `zlib`: what compresses. */
export { BrotliCompressor, BrotliDecompressor } from './brotli.ts';
export { loadBrotli } from './brotli-module.ts';
export { ZlibEngine } from './engine.ts';
export { loadZstd, ZstdCompressor, ZstdDecompressor } from './zstd.ts';
