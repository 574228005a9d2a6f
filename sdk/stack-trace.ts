/**
 * Removes the frames of stack traces until the returned function is called.
 *
 * The SDK stores one with each resource, and the engine rewrites the state at every step. It also makes four for each
 * property, for finding leaked promises: through the source maps of ts-node they cost more than all else that a program
 * does for a resource.
 *
 * @see `Resource.stackTrace` and `debuggablePromise` of `@pulumi/pulumi`
 */
export function withoutFrames(): () => void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  Error.prepareStackTrace = String; // the SDK sets its own limit for the trace that it stores
  return () => {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  };
}
