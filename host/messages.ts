import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { SECRET_MARK, SPECIAL_KEY } from "../kinds/secret-mark.ts";
import type { Properties } from "./provider-core.ts";

/** Reads the plain properties of a message. */
export function fromStruct(message: struct.Struct | undefined): Properties {
  return message?.toJavaScript() ?? {};
}

/** A setting as text: a program may also pass a number or a boolean. */
export function textIn(settings: Readonly<Properties>, name: string): string | undefined {
  const value = settings[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** Members that are undefined are left out. */
export function toStruct(properties: Properties): struct.Struct {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return struct.Struct.fromJavaScript(Object.fromEntries(entries) as Record<string, JavaScriptValue>);
}

/** A value in the engine's mark of a secret. */
export function markSecret(value: unknown): unknown {
  return isMarkedSecret(value) ? value : { [SPECIAL_KEY]: SECRET_MARK, value };
}

/** Whether a value is in the engine's mark of a secret. */
export function isMarkedSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, SPECIAL_KEY) === SECRET_MARK;
}

/** The value that the engine's mark of a secret is around. */
export function unwrapSecret(value: unknown): unknown {
  return isMarkedSecret(value) ? value.value : value;
}

/** A call that a provider of this kind does not have; the engine goes on without. */
export class Unimplemented extends PulumiCartoError<"unimplemented"> {
  override readonly name = "Unimplemented";
}

/** An error that leaves a resource behind. */
interface InitializationFailure extends Error {
  id: string;
  properties: Properties;
  reasons: string[];
}

function isInitializationFailure(error: Error): error is InitializationFailure {
  return "id" in error && typeof error.id === "string" && "properties" in error;
}

/** What a failed call answers: the message and nothing else, no stack. */
export function toStatus(thrown: unknown): Pick<grpc.ServiceError, "code" | "details" | "metadata"> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error instanceof Unimplemented ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN;
  const metadata = new grpc.Metadata();
  if (isInitializationFailure(error)) {
    const detail = new provider.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(error.properties));
    detail.setReasonsList(error.reasons);
    const details = new any.Any();
    details.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new status.Status();
    answer.setCode(code);
    answer.setMessage(error.message);
    answer.addDetails(details);
    // How gRPC carries structured details of an error; the library for Node has no name for it.
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  }
  return { code, details: error.message, metadata };
}
