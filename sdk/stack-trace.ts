/** Frames of the SDK above our base class: `callsites`, `stackTrace`, `Resource`, `CustomResource`. */
const ABOVE_BASE_CLASS = 4;

/**
 * Until the returned function is called, stack traces keep of a program only the line that declares the resource.
 *
 * The SDK stores the whole trace in the state, about 300 bytes of a resource's 2,000, and the engine rewrites the state
 * at every step. It also expects a single class between the user's line and its own, and we have two.
 *
 * @see `Resource.stackTrace` of `@pulumi/pulumi`
 */
export function keepCallSiteOnly(): () => void {
  const original = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    const kept = frames.slice(0, ABOVE_BASE_CLASS + 3);
    kept.splice(ABOVE_BASE_CLASS, 1);
    return original ? original(error, kept) : [String(error), ...kept.map((frame) => `    at ${frame}`)].join("\n");
  };
  return () => {
    Error.prepareStackTrace = original;
  };
}
