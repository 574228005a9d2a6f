import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

interface Document {
  paths: Record<string, Record<string, OperationObject>>;
  components: { responses: Record<string, ResponseObject> };
}
interface ResponseObject {
  $ref?: string;
  content?: Record<string, unknown>;
}
interface OperationObject {
  operationId?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, ResponseObject>;
}

/** An operation of a contract, ready to check requests and answers. */
export interface ContractOperation {
  id: string;
  method: string;
  /** With `{client_id}` or `{token}` where it belongs. */
  path: string;
  /** Names of the query parameters. */
  parameters: string[];
  statuses: number[];
  /** Of the JSON body; nothing where none is taken. */
  acceptsBody?: ValidateFunction;
  /** Of the JSON answer by status; nothing where the answer has no body. */
  answers: Map<number, ValidateFunction | undefined>;
}

/**
 * A contract that requests and answers can be checked against: what may be sent, and what may come back.
 *
 * @param file unset: docs/credentials-api.yaml
 */
export function readContract(file = "docs/credentials-api.yaml"): ContractOperation[] {
  const document: Document = parse(readFileSync(file, "utf8"));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document }, "contract");
  const schema = (...pointer: string[]) =>
    ajv.compile({
      $ref: `contract#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`,
    });

  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.operationId !== undefined)
      .map(([method, operation]): ContractOperation => {
        const answers = Object.entries(operation.responses).map(([status, response]) => {
          const shared = response.$ref?.split("/").at(-1);
          const where = shared ? ["components", "responses", shared] : ["paths", path, method, "responses", status];
          const content = shared ? document.components.responses[shared]?.content : response.content;
          const validate = content ? schema(...where, "content", "application/json", "schema") : undefined;
          return [Number(status), validate] as const;
        });
        return {
          id: operation.operationId ?? "",
          method: method.toUpperCase(),
          path,
          parameters: (operation.parameters ?? []).filter((each) => each.in === "query").map(({ name }) => name),
          statuses: answers.map(([status]) => status),
          answers: new Map(answers),
          ...(operation.requestBody
            ? { acceptsBody: schema("paths", path, method, "requestBody", "content", "application/json", "schema") }
            : {}),
        };
      }),
  );
}
