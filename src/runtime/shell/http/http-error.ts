/** A transfer that failed; `status` is curl's exit code. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const PEER_FAILED_VERIFICATION = 60;

/** The server is not shown to be who it should be. */
export class CertificateError extends HttpError {
  override name = 'CertificateError';
  readonly reason: 'untrusted' | 'expired' | 'early' | 'host';
  constructor(message: string, reason: CertificateError['reason']) {
    super(PEER_FAILED_VERIFICATION, message);
    this.reason = reason;
  }
}
