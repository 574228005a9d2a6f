import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";

/*
 * The SDK writes each answer of the engine, secrets in plain text, into a debug message; and debug messages are in every event log, shown
 * or not. It writes them by `toString`, which nothing else uses. The URN is all that helps.
 */
const answers = [resource.RegisterResourceResponse, resource.ReadResourceResponse, provider.InvokeResponse];

for (const { prototype } of answers) {
  Object.defineProperty(prototype, "toString", {
    value(this: { getUrn?: () => string }): string {
      return this.getUrn?.() ?? "[not shown]";
    },
  });
}
