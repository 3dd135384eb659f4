/** How connections fail: an alert for the peer, and OpenSSL's words for the program. */

/** RFC 8446, section 6. */
export const Alert = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  badCertificate: 42,
  illegalParameter: 47,
  unknownCa: 48,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  noRenegotiation: 100,
  missingExtension: 109,
  unsupportedExtension: 110,
  unknownPskIdentity: 115,
  certificateRequired: 116,
  noApplicationProtocol: 120,
} as const;

/** OpenSSL's reasons: their numbers, and the functions and places that its messages name. */
const REASONS = {
  'bad change cipher spec': [103, 'tls_process_change_cipher_spec', 'ssl/statem/statem_lib.c:866'],
  'bad extension': [110, 'tls_collect_extensions', 'ssl/statem/extensions.c:638'],
  'bad key update': [122, 'tls_process_key_update', 'ssl/statem/statem_lib.c:729'],
  'bad key share': [108, 'tls_parse_stoc_key_share', 'ssl/statem/extensions_clnt.c:2031'],
  'bad protocol version number': [116, 'tls_parse_stoc_supported_versions', 'ssl/statem/extensions_clnt.c:1857'],
  'bad length': [271, 'tls13_common_post_process_record', 'ssl/record/methods/tls_common.c:1109'],
  'bad record type': [443, 'tls13_validate_record_header', 'ssl/record/methods/tls13_meth.c:258'],
  'bad signature': [123, 'tls_process_cert_verify', 'ssl/statem/statem_lib.c:596'],
  'binder does not verify': [253, 'tls_psk_do_binder', 'ssl/statem/extensions.c:1715'],
  'ccs received early': [133, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:1016'],
  'certificate verify failed': [134, 'tls_post_process_server_certificate', 'ssl/statem/statem_clnt.c:2124'],
  'decryption failed or bad record mac': [281, 'tls_get_more_records', 'ssl/record/methods/tls_common.c:869'],
  'digest check failed': [149, 'tls_process_finished', 'ssl/statem/statem_lib.c:913'],
  'excessive message size': [152, 'read_state_machine', 'ssl/statem/statem.c:652'],
  'http request': [156, 'tls_validate_record_header', 'ssl/record/methods/tlsany_meth.c:71'],
  'https proxy request': [155, 'tls_validate_record_header', 'ssl/record/methods/tlsany_meth.c:75'],
  'inappropriate fallback': [373, 'ssl_choose_client_version', 'ssl/statem/statem_lib.c:2402'],
  'inconsistent extms': [104, 'final_ems', 'ssl/statem/extensions.c:1252'],
  'invalid alert': [205, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:871'],
  'invalid context': [282, 'tls_process_client_certificate', 'ssl/statem/statem_srvr.c:3671'],
  'invalid session id': [999, 'tls_process_server_hello', 'ssl/statem/statem_clnt.c:1573'],
  'length mismatch': [159, 'tls_process_server_hello', 'ssl/statem/statem_clnt.c:1640'],
  'missing psk kex modes extension': [310, 'final_psk', 'ssl/statem/extensions.c:1772'],
  'missing sigalgs extension': [112, 'final_sig_algs', 'ssl/statem/extensions.c:1320'],
  'mixed handshake and non handshake data': [293, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:716'],
  'no application protocol': [235, 'tls_handle_alpn', 'ssl/statem/statem_srvr.c:2274'],
  'no ciphers available': [181, 'ssl_cipher_list_to_bytes', 'ssl/statem/statem_clnt.c:4148'],
  'no protocols available': [191, 'tls_setup_handshake', 'ssl/statem/statem_lib.c:149'],
  'no renegotiation': [339, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:885'],
  'no shared cipher': [193, 'tls_post_process_client_hello', 'ssl/statem/statem_srvr.c:2333'],
  'no shared signature algorithms': [376, 'tls1_set_server_sigalgs', 'ssl/t1_lib.c:3036'],
  'no suitable key share': [101, 'final_key_share', 'ssl/statem/extensions.c:1465'],
  'no suitable signature algorithm': [118, 'tls_choose_sigalg', 'ssl/t1_lib.c:4155'],
  'not on record boundary': [182, 'tls_process_key_update', 'ssl/statem/statem_lib.c:713'],
  'packet length too long': [198, 'tls_get_more_records', 'ssl/record/methods/tls_common.c:662'],
  'peer did not return a certificate': [199, 'tls_process_client_certificate', 'ssl/statem/statem_srvr.c:3731'],
  'psk identity not found': [223, 'tls_process_cke_psk_preamble', 'ssl/statem/statem_srvr.c:2990'],
  'renegotiation mismatch': [337, 'tls_parse_ctos_renegotiate', 'ssl/statem/extensions_srvr.c:59'],
  'required compression algorithm missing': [
    342,
    'tls_early_post_process_client_hello',
    'ssl/statem/statem_srvr.c:1956',
  ],
  'ssl3 session id too long': [300, 'tls_process_server_hello', 'ssl/statem/statem_clnt.c:1525'],
  'too many warn alerts': [409, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:895'],
  'unexpected message': [244, 'ossl_statem_client_read_transition', 'ssl/statem/statem_clnt.c:398'],
  'unexpected record': [245, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:1075'],
  'unknown cipher returned': [248, 'set_client_ciphersuite', 'ssl/statem/statem_clnt.c:1478'],
  'unsafe legacy renegotiation disabled': [338, 'final_renegotiate', 'ssl/statem/extensions.c:948'],
  'unsolicited extension': [217, 'tls_collect_extensions', 'ssl/statem/extensions.c:687'],
  'unsupported compression algorithm': [257, 'tls_process_server_hello', 'ssl/statem/statem_clnt.c:1754'],
  'unsupported protocol': [258, 'tls_early_post_process_client_hello', 'ssl/statem/statem_srvr.c:1765'],
  'wrong cipher returned': [261, 'set_client_ciphersuite', 'ssl/statem/statem_clnt.c:1486'],
  'wrong curve': [378, 'tls_process_ske_ecdhe', 'ssl/statem/statem_clnt.c:2398'],
  'wrong signature type': [370, 'tls12_check_peer_sigalg', 'ssl/t1_lib.c:2771'],
  'wrong ssl version': [266, 'SSL_renegotiate', 'ssl/ssl_lib.c:2838'],
  'wrong version number': [267, 'tls_validate_record_header', 'ssl/record/methods/tlsany_meth.c:80'],
} as const satisfies Record<string, readonly [number, string, string]>;
export type FailureReason = keyof typeof REASONS;

/** What OpenSSL calls a received alert, by its number. */
const RECEIVED: Readonly<Record<number, string>> = {
  10: 'ssl/tls alert unexpected message',
  20: 'ssl/tls alert bad record mac',
  21: 'tlsv1 alert decryption failed',
  22: 'tlsv1 alert record overflow',
  30: 'ssl/tls alert decompression failure',
  40: 'ssl/tls alert handshake failure',
  41: 'ssl/tls alert no certificate',
  42: 'ssl/tls alert bad certificate',
  43: 'ssl/tls alert unsupported certificate',
  44: 'ssl/tls alert certificate revoked',
  45: 'ssl/tls alert certificate expired',
  46: 'ssl/tls alert certificate unknown',
  47: 'ssl/tls alert illegal parameter',
  48: 'tlsv1 alert unknown ca',
  49: 'tlsv1 alert access denied',
  50: 'tlsv1 alert decode error',
  51: 'tlsv1 alert decrypt error',
  60: 'tlsv1 alert export restriction',
  70: 'tlsv1 alert protocol version',
  71: 'tlsv1 alert insufficient security',
  80: 'tlsv1 alert internal error',
  86: 'tlsv1 alert inappropriate fallback',
  90: 'tlsv1 alert user cancelled',
  100: 'tlsv1 alert no renegotiation',
  109: 'tlsv13 alert missing extension',
  115: 'tlsv1 alert unknown psk identity',
  116: 'tlsv13 alert certificate required',
  120: 'tlsv1 alert no application protocol',
};
/** Added to an alert's number it is the number of the reason. */
const RECEIVED_REASON = 1000;
const SSL_LIBRARY = 20;
const SOURCES = '../deps/openssl/openssl/';

/** The connection cannot go on. */
export class TlsFailure extends Error {
  readonly reason: string;
  /** What the peer is told; null when nothing. */
  readonly alert: number | null;
  /** OpenSSL's line in its queue of errors, without the thread's number. */
  readonly line: string;

  constructor(reason: FailureReason | { received: number }, alert: number | null = null) {
    const [name, number, place, file, data] =
      typeof reason === 'string' ? ([reason, ...REASONS[reason], ''] as const) : describeReceived(reason.received);
    super(name);
    this.reason = name;
    this.alert = alert;
    const packed = ((SSL_LIBRARY << 23) | number).toString(16).toUpperCase().padStart(8, '0');
    this.line = `error:${packed}:SSL routines:${place}:${name}:${SOURCES}${file}:${data}`;
  }
  get code(): string {
    return `ERR_SSL_${this.reason.replaceAll(' ', '_').toUpperCase()}`;
  }
}

function describeReceived(alert: number) {
  const name = RECEIVED[alert] ?? `reason(${RECEIVED_REASON + alert})`;
  const file = 'ssl/record/rec_layer_s3.c:916';
  return [name, RECEIVED_REASON + alert, 'ssl3_read_bytes', file, `SSL alert number ${alert}`] as const;
}
