import { lostReachSentence } from "../change/reach.ts";
import { visibleJson } from "../kinds/visible-text.ts";
import type { Report } from "./report.ts";

/** Where the schema of the JSON report is published. */
const REPORT_SCHEMA_URL = "https://unpkg.com/pulumi-carto/schema/report.schema.json";

/** The whole report for machines, as defined in schema/report.schema.json. `version` rises when a reader could break. */
export function renderJson(report: Report): string {
  const { changes, ...rest } = report;
  const spoken = changes.map((change) => ({
    ...change,
    lostReach: change.lostReach.map((reach) => ({ ...reach, sentence: lostReachSentence(reach) })),
  }));
  return visibleJson({ $schema: REPORT_SCHEMA_URL, version: 1, ...rest, changes: spoken });
}
