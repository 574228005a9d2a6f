/** One call as a handler sees it: the body is read, the path is matched. */
export interface Call {
  method: string;
  url: URL;
  /** Decoded path parameters, e.g. `client_id`. */
  params: Record<string, string>;
  headers: Record<string, string | undefined>;
  body: string;
  /** Whether the body of an update is the whole resource, as that of a PUT: what it leaves out is as if it had never been set. Unset: a patch. */
  whole?: boolean;
}

/** What a handler returns; an object body is sent as JSON. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: object | string;
}

/** A problem of a request, as the contract lists them under `issues`. */
export interface Issue {
  /** Path of the member, e.g. `callbacks[2]`; a header or query parameter by its name; empty for the body itself. */
  path: string;
  message: string;
}

/** An answer in the contract's error shape. */
export function errorAnswer(status: number, error: string, description: string, members: object = {}): Answer {
  return { status, body: { error, description, status, ...members } };
}

/** 400 with everything that is wrong with the body. */
export function invalid(issues: Issue[]): Answer {
  return errorAnswer(
    400,
    "invalid_request",
    issues.map(({ path, message }) => `${path || "body"}: ${message}`).join("; "),
    {
      issues,
    },
  );
}
