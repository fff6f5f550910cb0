import { readFileSync, writeFileSync } from 'node:fs';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [jest] = jestPlugins;

/** In the sandbox, where all processes of a run find it. */
const FILES_OF_TESTS = 'files-of-tests.json';

/** Jest compares each test with each name, which takes longer than to run all tests of the files. */
const MAX_NAMES = 100;

/** Runs only the test files that cover a change. The runner of Stryker loads every test file for each change, which takes 10 seconds. */
class FileRunner {
  constructor(runner) {
    this.runner = runner;
  }

  async init() {
    await this.runner.init();
    this.config = this.runner.jestConfig;
  }

  capabilities() {
    return this.runner.capabilities();
  }

  async dryRun(options) {
    const result = await this.runner.dryRun(options);
    const { tests, mutantCoverage } = result;
    if (!mutantCoverage) return result;
    const filesOf = {};
    for (const { id, fileName } of tests) (filesOf[id] ??= []).push(fileName);
    writeFileSync(FILES_OF_TESTS, JSON.stringify(filesOf));
    for (const [file, covered] of Object.entries(mutantCoverage.perTest)) {
      const inFile = tests.filter(({ fileName }) => fileName === file);
      if (inFile.length === 0) continue;
      delete mutantCoverage.perTest[file];
      for (const { id } of inFile) {
        const ofTest = (mutantCoverage.perTest[id] ??= {});
        for (const [mutant, count] of Object.entries(covered)) ofTest[mutant] = (ofTest[mutant] ?? 0) + count;
      }
    }
    return result;
  }

  async mutantRun({ testFilter, ...options }) {
    const filesOf = JSON.parse(readFileSync(FILES_OF_TESTS, 'utf8'));
    const files = new Set(testFilter?.flatMap((id) => filesOf[id]));
    this.runner.jestConfig = { ...this.config, ...(files.size > 0 ? { testMatch: [...files] } : {}) };
    return this.runner.mutantRun({ ...options, testFilter: testFilter?.length > MAX_NAMES ? undefined : testFilter });
  }
}

function fileRunner(injector) {
  return new FileRunner(injector.injectFunction(jest.factory));
}
fileRunner.inject = ['$injector'];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'jest-files', fileRunner)];
