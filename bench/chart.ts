import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { OPERATIONS } from "./contestant.ts";
import { CONTESTANTS } from "./contestants.ts";
import { type Results, seconds } from "./results.ts";

/** Told apart by anyone, on white and on black. */
const COLOURS = {
  floor: "#8c8c8c",
  naive: "#d55e00",
  program: "#0072b2",
  plugin: "#56b4e9",
  command: "#009e73",
  peer: "#cc79a7",
} as const;

/** Follows the reader's theme also where the picture is embedded with `<img>`. */
const STYLE = `<style>
text { fill: #24292f }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>`;

/** A bar chart of the seconds of each operation, with one row per number of clients. */
export async function drawChart(results: Results): Promise<string> {
  const operations = OPERATIONS.filter((operation) => operation !== "rate-limited refresh");
  const values = results.sizes.flatMap((clients) =>
    operations.flatMap((operation) =>
      CONTESTANTS.flatMap(({ name }) => {
        const summary = seconds(results, name, clients, operation);
        return summary ? [{ clients: `${clients} clients`, operation, contestant: name, ...summary }] : [];
      }),
    ),
  );
  const names = CONTESTANTS.map(({ name }) => name).filter((name) =>
    values.some(({ contestant }) => contestant === name),
  );
  const spec: TopLevelSpec = {
    description:
      "Seconds of each operation by contestant, median with lowest and highest, a row for each number of clients",
    background: "transparent",
    transform: [{ calculate: "format(datum.median, datum.median < 10 ? '.1f' : '.0f')", as: "label" }],
    data: { values },
    facet: { row: { field: "clients", sort: results.sizes.map((clients) => `${clients} clients`), title: null } },
    spec: {
      width: 640,
      height: 150,
      layer: [
        {
          mark: { type: "bar", cornerRadiusEnd: 1 },
          encoding: { y: { field: "median", type: "quantitative", title: "seconds" } },
        },
        {
          mark: { type: "rule", strokeWidth: 1.5, color: "#888888" },
          encoding: { y: { field: "min", type: "quantitative" }, y2: { field: "max" } },
        },
        {
          mark: { type: "text", dy: -5, fontSize: 9 },
          encoding: {
            y: { field: "max", type: "quantitative" },
            text: { field: "label", type: "nominal" },
          },
        },
      ],
      encoding: {
        x: { field: "operation", sort: [...operations], title: null, axis: { labelAngle: 0 } },
        xOffset: { field: "contestant", sort: names },
        color: {
          field: "contestant",
          scale: { domain: names, range: names.map((name) => COLOURS[name]) },
          legend: { orient: "top", title: null },
        },
      },
    },
    resolve: { scale: { y: "independent" } },
    config: {
      aria: false,
      font: "system-ui, sans-serif",
      view: { stroke: null },
      axis: { gridColor: "#88888840", domainColor: "#888888", tickColor: "#888888" },
    },
  };
  const svg = await new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
  const rounded = svg.replace(/(\d\.\d\d)\d+/g, "$1");
  return `${rounded.replace(/(<svg[^>]*>)/, `$1${STYLE}`)}\n`;
}
