// Turns flight records into hourly readings per airport. Run by rebuild.sh:
//   node rebuild.mjs flights-3m.parquet rows.csv
//
// Reads one record per flight: `date` (actual departure, local wall clock at the origin), `delay`
// (minutes late at the destination, negative = early), `origin` (IATA code). Writes `key,at,value`:
//   <airport>/departures  flights that left in the hour before `at`; 0 is a reading
//   <airport>/delay       median `delay` of those flights, if there were at least three
// Nothing is filled in, smoothed or rounded.
import {writeFileSync} from 'node:fs';
import {asyncBufferFromFile, parquetReadObjects} from 'hyparquet';
import {compressors} from 'hyparquet-compressors';

const HOUR = 3_600_000;
const FEWEST_FLIGHTS_FOR_A_MEDIAN = 3;

// The 25 airports with the most departures in the records, and the clock each lives by.
const ZONES = {
  'America/New_York': 'ATL DTW BOS CLT EWR PHL LGA PIT MCO BWI DCA MIA',
  'America/Chicago': 'ORD DFW STL MSP IAH',
  'America/Denver': 'DEN SLC',
  'America/Phoenix': 'PHX',
  'America/Los_Angeles': 'LAX LAS SFO SEA SAN',
};

// Hours that lie within the records' local days 2001-01-01 .. 2001-06-30 in every zone above.
const FIRST = Date.parse('2001-01-01T08:00:00Z') / HOUR; // midnight in Los Angeles
const END = Date.parse('2001-07-01T04:00:00Z') / HOUR; // midnight in New York

/** Returns a function from a local wall clock (as if it were UTC millis) to the UTC hour number. */
function utcHour(zone) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const offsetAt = (utc) => {
    const parts = format.formatToParts(utc).map((part) => [part.type, Number(part.value)]);
    const {year, month, day, hour, minute, second} = Object.fromEntries(parts);
    return Date.UTC(year, month - 1, day, hour, minute, second) - utc;
  };
  const cache = new Map();
  return (local) => {
    const wall = Math.floor(local / HOUR);
    if (!cache.has(wall)) {
      // Every zone is behind UTC, so `early` uses the offset of some hours earlier; near the
      // change of clocks the second step corrects it. It does not hold for the wall-clock hour that
      // spring skipped (2001-04-01 02:00): its flights left in the hour after the change.
      const early = wall * HOUR - offsetAt(wall * HOUR);
      const settled = wall * HOUR - offsetAt(early);
      const exists = settled + offsetAt(settled) === wall * HOUR;
      cache.set(wall, (exists ? settled : early) / HOUR);
    }
    return cache.get(wall);
  };
}

function median(values) {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

const [source, target] = process.argv.slice(2);
const flights = await parquetReadObjects({file: await asyncBufferFromFile(source), compressors});

const airports = new Map(); // code -> {toHour, delays: hour -> minutes late, one per flight}
for (const [zone, codes] of Object.entries(ZONES)) {
  const toHour = utcHour(zone);
  codes.split(' ').forEach((code) => airports.set(code, {toHour, delays: new Map()}));
}

const totals = new Map();
for (const {date, delay, origin} of flights) {
  totals.set(origin, (totals.get(origin) ?? 0) + 1);
  const airport = airports.get(origin);
  if (airport) {
    const hour = airport.toHour(date.getTime());
    if (!airport.delays.has(hour)) airport.delays.set(hour, []);
    airport.delays.get(hour).push(Number(delay));
  }
}

const busiest = [...totals].sort((a, b) => b[1] - a[1]).slice(0, airports.size);
for (const [code] of busiest) {
  if (!airports.has(code)) throw new Error(`${code} is among the busiest airports but has no zone`);
}

const rows = ['key,at,value'];
const codes = [...airports.keys()].sort();
for (let hour = FIRST; hour < END; hour++) {
  // A reading carries the time at which its hour is over. (The delays of the last flights of that
  // hour were known only when they had landed.)
  const at = new Date((hour + 1) * HOUR).toISOString().replace('.000Z', 'Z');
  for (const code of codes) {
    const delays = airports.get(code).delays.get(hour) ?? [];
    if (delays.length >= FEWEST_FLIGHTS_FOR_A_MEDIAN) {
      rows.push(`${code}/delay,${at},${median(delays)}`);
    }
    rows.push(`${code}/departures,${at},${delays.length}`);
  }
}
writeFileSync(target, rows.join('\n') + '\n');
