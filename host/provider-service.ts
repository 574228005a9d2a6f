import grpc from "@grpc/grpc-js";
import plugin, { type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, toStatus, toStruct, unwrapSecret } from "./messages.ts";
import type { ProviderCore } from "./provider-core.ts";

const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;

/** One connection of the engine. */
export interface Served {
  core: ProviderCore;
  /** The engine says where it takes messages to the user. */
  attach(engineAddress: string): void;
}

/**
 * The calls of the engine's provider protocol, translated: those that a dynamic provider gets. The protocol's status for
 * all others (schemas, components, functions) is `UNIMPLEMENTED`; the engine asks for some of them and then goes on without.
 *
 * @param servedBy the connection that a call came by; throws when there is none
 * @param version of the provider
 */
export function providerService(
  servedBy: (call: { getPeer(): string }) => Served,
  version: string,
): grpc.UntypedServiceImplementation {
  const handlers = handlersOf(servedBy, version);
  return Object.fromEntries(
    Object.entries(ResourceProviderService).map(([name, { responseStream }]): [string, grpc.UntypedHandleCall] => {
      const handler: ((call: unknown) => Promise<unknown>) | undefined = Reflect.get(handlers, name);
      // Part of the protocol, see above: a dynamic provider has no such call.
      const unimplemented = { code: grpc.status.UNIMPLEMENTED, details: `${name}: not a call of dynamic providers` };
      if (responseStream) return [name, (call: NodeJS.EventEmitter) => call.emit("error", unimplemented)];
      const unary: grpc.handleUnaryCall<unknown, unknown> = (call, answer) => {
        if (handler === undefined) return answer(unimplemented);
        return handler(call).then(
          (response) => answer(null, response),
          (error) => answer(toStatus(error)),
        );
      };
      return [name, unary];
    }),
  );
}

type Handlers = {
  [Name in keyof IResourceProviderServer as string extends Name ? never : Name]?: (
    call: Parameters<IResourceProviderServer[Name]>[0],
  ) => Promise<unknown>;
};

function handlersOf(servedBy: (call: { getPeer(): string }) => Served, version: string): Handlers {
  const coreOf = (call: { getPeer(): string }) => servedBy(call).core;
  return {
    async attach(call: grpc.ServerUnaryCall<PluginAttach, unknown>) {
      servedBy(call).attach(call.request.getAddress());
      return new empty.Empty();
    },
    cancel: async () => new empty.Empty(),
    getPluginInfo: async () => new plugin.PluginInfo().setVersion(version),
    async configure(call) {
      const args = Object.entries(fromStruct(call.request.getArgs()));
      await coreOf(call).configure(Object.fromEntries(args.map(([name, value]) => [name, unwrapSecret(value)])));
      return new provider.ConfigureResponse();
    },
    async check(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { inputs, failures } = await coreOf(call).check(request.getUrn(), olds, news);
      return new provider.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) => new provider.CheckFailure().setProperty(property).setReason(reason)),
        );
    },
    async diff(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { changes, replaces = [] } = await coreOf(call).diff(request.getUrn(), request.getId(), olds, news);
      return new provider.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setReplacesList(replaces);
    },
    async create(call) {
      const { request } = call;
      const { id, outputs } = await coreOf(call).create(request.getUrn(), fromStruct(request.getProperties()));
      return new provider.CreateResponse().setId(id).setProperties(toStruct(outputs));
    },
    async read(call) {
      const { request } = call;
      const [state, known] = [fromStruct(request.getProperties()), fromStruct(request.getInputs())];
      const found = await coreOf(call).read(request.getUrn(), request.getId(), state, known);
      if (found === undefined) return new provider.ReadResponse(); // no ID: it is gone
      const { id, outputs, inputs } = found;
      const response = new provider.ReadResponse().setId(id).setProperties(toStruct(outputs));
      return inputs === undefined ? response : response.setInputs(toStruct(inputs));
    },
    async update(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { outputs } = await coreOf(call).update(request.getUrn(), request.getId(), olds, news);
      return new provider.UpdateResponse().setProperties(toStruct(outputs));
    },
    async delete(call) {
      const { request } = call;
      await coreOf(call).delete(request.getUrn(), request.getId(), fromStruct(request.getProperties()));
      return new empty.Empty();
    },
  };
}
