/**
 * What the CDK's CloudFormation validator and policy packs say of each construct. All are in one file, since the validator takes seconds to
 * start, and jest starts it anew for each file.
 */
import './strict/batch-inference-platform';
import './strict/efa-node-group';
import './strict/inference-gateway';
import './strict/kubernetes-inference';
import './strict/realtime-inference-platform';
import './strict/surroundings';
import './strict/training-platform';
