import { Http } from "../../carto/http.ts";

/** Requests the URL of the first argument as a provider process would, and prints what came of it as JSON. */
const http = new Http({ retryBudgetSeconds: 1, clock: { now: () => 0, sleep: async () => {}, random: () => 0 } });
const [url = ""] = process.argv.slice(2);
const outcome = await http.request({ subject: "Asking", method: "GET", url, repeatable: true }).then(
  ({ status, body }) => ({ status, body }),
  ({ code, message }: { code: string; message: string }) => ({ code, message }),
);
console.log(JSON.stringify(outcome));
process.exit(0);
