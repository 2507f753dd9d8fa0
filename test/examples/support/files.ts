import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(process.cwd(), 'examples');

/** A node, tab or group as it stands in a flow file. */
export interface FlowNode {
  id: string;
  type: string;
  name?: string;
  info?: string;
  z?: string;
  g?: string;
  x?: number;
  y?: number;
  wires?: string[][];
  links?: string[];
  nodes?: string[];
  [setting: string]: unknown;
}

/** File names without `.json`: the labels in the editor's import menu. */
export const EXAMPLES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => path.basename(file, '.json'))
  .toSorted();

export const readExample = (name: string): FlowNode[] =>
  JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'));
