// node server.js POINTS PORT: clusters of all points of a file ("lon lat" on each line) as JSON tiles at /z/x/y.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Supercluster from 'supercluster';

const [, , file, port] = process.argv;
const features = [];
for await (const line of createInterface({ input: createReadStream(file) })) {
  const [lon, lat] = line.split(' ');
  features.push({ type: 'Feature', properties: null, geometry: { type: 'Point', coordinates: [+lon, +lat] } });
}
const index = new Supercluster({ radius: 40, extent: 512, maxZoom: 16 }).load(features);
features.length = 0;

createServer((request, response) => {
  const [z, x, y] = request.url.slice(1).split('/').map(Number);
  const tile = Number.isFinite(y) ? index.getTile(z, x, y) : null;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(tile ?? { features: [] }));
}).listen(Number(port), '127.0.0.1');
