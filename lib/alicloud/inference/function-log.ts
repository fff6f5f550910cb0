import type { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { LogProject, LogStore, LogStoreIndex } from '../provider/alicloud';
import type { FunctionLog } from './function-props';

const LOGSTORE = 'server';
const RETENTION_DAYS = 365;

/** Creates a project and a logstore for the output of a server. An index makes it searchable. */
export function functionLog(scope: Construct): FunctionLog {
  const { projectName } = new LogProject(scope, 'LogProject', {
    projectName: physicalName(scope),
    description: 'Output of a model server',
  });
  const { logstoreName } = new LogStore(scope, 'LogStore', {
    projectName,
    logstoreName: LOGSTORE,
    retentionPeriod: RETENTION_DAYS,
    autoSplit: true,
    maxSplitShardCount: 16,
  });
  new LogStoreIndex(scope, 'LogIndex', {
    project: projectName,
    logstore: logstoreName,
    fullText: { caseSensitive: false, includeChinese: true, token: TOKENS },
  });
  return { project: projectName, logstore: logstoreName };
}

/** Characters between words. The default of the console. */
const TOKENS = ', \'";=()[]{}?@&<>/:\n\t\r';
