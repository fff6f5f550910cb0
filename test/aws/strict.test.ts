/**
 * Runs the CloudFormation validator of the CDK and policy packs on each construct. All are in one file, because the validator takes seconds to
 * start, and jest would start it again for each file.
 */
import './strict/batch-inference-platform';
import './strict/efa-node-group';
import './strict/inference-gateway';
import './strict/kubernetes-inference';
import './strict/realtime-inference-platform';
import './strict/surroundings';
import './strict/training-platform';
