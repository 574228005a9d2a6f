import type { CartoErrorCode } from "../error/error-code.ts";

/** Why a request got no answer. */
export interface ConnectionFailure {
  code: CartoErrorCode;
  /** Follows the origin in a message. */
  what: string;
  /** `no`: the request never left, sending it again does no harm. `maybe`: the server may have done its work. */
  sent: "no" | "maybe";
  /** Whether trying again can help at all. */
  passing: boolean;
}

const CHECK_NETWORK = "Check the URL, the network and the proxy settings.";
/** Codes of Node and undici before a connection is established; a proxy that refuses the tunnel is `UND_ERR_ABORTED`. */
const NOT_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_ABORTED"]);
const TIMED_OUT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const UNTRUSTED =
  /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(GET|VERIFY)_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_CERT_|ERR_SSL_|EPROTO$)/;

/**
 * Classifies what undici throws, by code alone: messages may quote a header.
 *
 * @param status of the answer, if it had started
 */
export function classifyConnectionFailure(error: unknown, status: number | undefined): ConnectionFailure {
  const { code = "", syscall } = error as { code?: string; syscall?: string };
  const because = code && ` (${code})`;
  if (code === "UND_ERR_INVALID_ARG") {
    const what = "was not asked: the access token or a URL contains characters that HTTP does not allow. Correct it.";
    return { code: "invalid_configuration", what, sent: "no", passing: false };
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    const what = `answered more than is read${because}. Check the URL.`;
    return { code: "unexpected_answer", what, sent: "maybe", passing: false };
  }
  if (status !== undefined && !TIMED_OUT.has(code)) {
    const what = `answered ${status}, but the answer was cut off${because}. Run it again.`;
    return { code: "connection_lost", what, sent: "maybe", passing: true };
  }
  if (UNTRUSTED.test(code)) {
    const what = `cannot be trusted${because}. For a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate.`;
    return { code: "unreachable", what, sent: "no", passing: false };
  }
  if (NOT_CONNECTED.has(code) || syscall === "connect" || syscall === "getaddrinfo") {
    return { code: "unreachable", what: `cannot be reached${because}. ${CHECK_NETWORK}`, sent: "no", passing: true };
  }
  if (TIMED_OUT.has(code)) {
    return {
      code: "timeout",
      what: `did not answer in time${because}. ${CHECK_NETWORK}`,
      sent: "maybe",
      passing: true,
    };
  }
  return {
    code: "connection_lost",
    what: `broke the connection${because} before it answered. Run it again; if it happens again, check the network and the proxy settings.`,
    sent: "maybe",
    passing: true,
  };
}
