/** Program: loads an entry point, and lists the files outside the library that its modules require. `trace-import <entry> <folder>` */
import { createRequire } from 'node:module';
import { sep } from 'node:path';

const load = createRequire(__filename);
const [entry, folder] = process.argv.slice(2) as [string, string];
load(entry);
const loaded = Object.values(load.cache).filter((module) => module !== undefined);
const isOwn = (file: string) => file.startsWith(folder + sep);
const required = loaded.filter(({ filename }) => isOwn(filename)).flatMap(({ children }) => children);
const outside = new Set(required.map(({ filename }) => filename).filter((file) => !isOwn(file)));
const all = loaded.map(({ filename }) => filename).filter((file) => !isOwn(file) && file !== __filename);
console.log(JSON.stringify({ required: [...outside], all }));
