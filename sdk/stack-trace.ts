/** Frames of the SDK above our base class: `callsites`, `stackTrace`, `Resource`, `CustomResource`. */
const ABOVE_BASE_CLASS = 4;

/**
 * Until the returned function is called, stack traces keep of a program only the line that declares the resource, and
 * only the one that the SDK stores is made.
 *
 * The SDK stores the whole trace in the state, about 300 bytes of a resource's 2,000, and the engine rewrites the state
 * at every step. It also expects a single class between the user's line and its own, and we have two. All other traces
 * that it makes here are for finding leaked promises, four for each property: through the source maps of ts-node they
 * cost more than all else that a program does for a resource.
 *
 * @see `Resource.stackTrace` and `debuggablePromise` of `@pulumi/pulumi`
 */
export function keepCallSiteOnly(): () => void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // for the trace that it stores, the SDK sets its own
  Error.prepareStackTrace = (error, frames) => {
    const kept = frames.slice(0, ABOVE_BASE_CLASS + 3);
    kept.splice(ABOVE_BASE_CLASS, 1);
    return prepareStackTrace
      ? prepareStackTrace(error, kept)
      : [String(error), ...kept.map((frame) => `    at ${frame}`)].join("\n");
  };
  return () => {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  };
}
