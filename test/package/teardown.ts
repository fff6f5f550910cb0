import { rmSync } from 'node:fs';
import { proofFolder } from './workspace';

export default function teardown(): void {
  rmSync(proofFolder(), { recursive: true, force: true });
}
