import grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

/** Sends messages to the user through the engine: what a provider prints, it shows only of providers that it started. */
export class EngineLog {
  readonly #client: EngineClient;

  /** @param address that the engine gave, on loopback */
  constructor(address: string) {
    this.#client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /**
   * An engine that has ended takes no more: nobody is left to be warned.
   *
   * @param urn of the resource that it is about. Unset: the stack
   */
  warn(message: string, urn = ""): void {
    const request = new engine.LogRequest().setSeverity(engine.LogSeverity.WARNING).setMessage(message).setUrn(urn);
    this.#client.log(request, () => {});
  }

  close(): void {
    this.#client.close();
  }
}
