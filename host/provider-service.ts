import grpc from "@grpc/grpc-js";
import plugin, { type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Failure } from "../kinds/failure.ts";
import { diffResponse } from "./diff-response.ts";
import { fromStruct, toStatus, toStruct, Unimplemented, unwrapSecret } from "./messages.ts";
import type { PluginCalls, Properties, ProviderCore } from "./provider-core.ts";

/** One connection of the engine. */
export interface Served {
  core: ProviderCore;
  /** The engine says where it takes messages to the user. */
  attach(engineAddress: string): void;
}

/**
 * Translates the calls of the engine's provider protocol: those that a dynamic provider gets, and those of a plugin where the core is one.
 * The protocol's status for all others (components, parameters) is `UNIMPLEMENTED`; the engine asks for some of them and then goes on
 * without.
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
      // Part of the protocol, see above: this provider has no such call.
      const unimplemented = { code: grpc.status.UNIMPLEMENTED, details: `${name}: not a call of this provider` };
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

type CoreOf = (call: { getPeer(): string }) => ProviderCore;

function handlersOf(servedBy: (call: { getPeer(): string }) => Served, version: string): Handlers {
  const coreOf: CoreOf = (call) => servedBy(call).core;
  return {
    ...pluginHandlers(coreOf),
    ...resourceHandlers(coreOf),
    async attach(call: grpc.ServerUnaryCall<PluginAttach, unknown>) {
      servedBy(call).attach(call.request.getAddress());
      return new empty.Empty();
    },
    cancel: async () => new empty.Empty(),
    getPluginInfo: async () => new plugin.PluginInfo().setVersion(version),
    async configure(call) {
      const args = Object.entries(fromStruct(call.request.getArgs()));
      const core = coreOf(call);
      await core.configure(Object.fromEntries(args.map(([name, value]) => [name, unwrapSecret(value)])));
      const isPlugin = core.plugin !== undefined;
      return new provider.ConfigureResponse().setAcceptsecrets(isPlugin).setSupportspreview(isPlugin);
    },
  };
}

function checkResponse(inputs: Properties, failures: readonly Pick<Failure, "property" | "reason">[]) {
  return new provider.CheckResponse()
    .setInputs(toStruct(inputs))
    .setFailuresList(
      failures.map(({ property, reason }) => new provider.CheckFailure().setProperty(property).setReason(reason)),
    );
}

/** What only plugins are asked. */
function pluginHandlers(coreOf: CoreOf): Handlers {
  const pluginOf = (call: { getPeer(): string }): PluginCalls => {
    const { plugin } = coreOf(call);
    if (plugin) return plugin;
    throw new Unimplemented("unimplemented", "not a call of this provider");
  };
  return {
    getSchema: async (call) => new provider.GetSchemaResponse().setSchema(pluginOf(call).schema()),
    async checkConfig(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { inputs, failures } = await pluginOf(call).checkConfig(request.getUrn(), olds, news);
      return checkResponse(inputs, failures);
    },
    /** Not a setting of a provider replaces it, and with it every resource. */
    async diffConfig(call) {
      pluginOf(call);
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
      return diffResponse({ changes: JSON.stringify(sorted(olds)) !== JSON.stringify(sorted(news)) });
    },
    async invoke(call) {
      const { request } = call;
      const result = await pluginOf(call).invoke(request.getTok(), fromStruct(request.getArgs()));
      return new provider.InvokeResponse().setReturn(toStruct(result));
    },
  };
}

function sorted(properties: Properties): [string, unknown][] {
  return Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
}

function resourceHandlers(coreOf: CoreOf): Handlers {
  return {
    async check(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { inputs, failures } = await coreOf(call).check(request.getUrn(), olds, news);
      return checkResponse(inputs, failures);
    },
    async diff(call) {
      const { request } = call;
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      return diffResponse(await coreOf(call).diff(request.getUrn(), request.getId(), olds, news));
    },
    async create(call) {
      const { request } = call;
      const [core, inputs] = [coreOf(call), fromStruct(request.getProperties())];
      if (request.getPreview()) {
        return new provider.CreateResponse().setProperties(toStruct(previewOf(core, request.getUrn(), inputs)));
      }
      const { id, outputs } = await core.create(request.getUrn(), inputs);
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
      const core = coreOf(call);
      if (request.getPreview()) {
        return new provider.UpdateResponse().setProperties(toStruct(previewOf(core, request.getUrn(), news, olds)));
      }
      const { outputs } = await core.update(request.getUrn(), request.getId(), olds, news);
      return new provider.UpdateResponse().setProperties(toStruct(outputs));
    },
    async delete(call) {
      const { request } = call;
      await coreOf(call).delete(request.getUrn(), request.getId(), fromStruct(request.getProperties()));
      return new empty.Empty();
    },
  };
}

function previewOf({ plugin }: ProviderCore, urn: string, inputs: Properties, olds?: Properties): Properties {
  return plugin?.preview(urn, inputs, olds) ?? inputs;
}
