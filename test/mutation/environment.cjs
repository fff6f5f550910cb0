const NodeEnvironment = require('@stryker-mutator/jest-runner/jest-env/node');

/**
 * Counts what runs outside of tests for the whole file: imports, `describe` bodies, and hooks. Stryker would count it for no test, and a change
 * there would survive.
 */
module.exports = class FileEnvironment extends NodeEnvironment {
  constructor(config, context) {
    super(config, context);
    const coverage = this.global.__stryker__;
    const countForFile = () => {
      coverage.currentTestId = context.testPath;
    };
    countForFile();
    const handle = this.handleTestEvent;
    this.handleTestEvent = async (event, state) => {
      await handle(event, state);
      if (event.name === 'test_done') countForFile();
    };
  }
};
