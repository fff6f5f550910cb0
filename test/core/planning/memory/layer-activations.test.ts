import { ModelSpec } from 'ai-infra-constructs';
import { layerActivationBytes } from '../../../../lib/core/planning/memory/layer-activations';
import { layersToRecompute, stageBytes, type Stages } from '../../../../lib/core/planning/memory/stage-memory';

describe('the activations of a layer', () => {
  test('are 32 bytes per token and hidden value in GPT-3: 34 in arXiv 2205.05198, less two dropout masks', () => {
    expect(layerActivationBytes(ModelSpec.GPT_3_175B)).toBe(32 * 12_288);
  });

  test('count the gate of an MLP and the fewer key heads of Llama 3 8B', () => {
    const norms = 4 * 4096;
    const attention = 2 * 4096 + 2 * 8 * 128;

    expect(layerActivationBytes(ModelSpec.LLAMA_3_8B)).toBe(2 * (norms + attention + 3 * 14_336));
  });

  test('count the experts that process a token, with two copies of the token for each', () => {
    const norms = 4 * 4096;
    const attention = 2 * 4096 + 2 * 8 * 128;

    expect(layerActivationBytes(ModelSpec.MIXTRAL_8X7B)).toBe(2 * (norms + attention + 2 * (3 * 14_336 + 2 * 4096)));
  });

  test('count heads with both parts of latent attention, and the mean of dense layers and layers with experts', () => {
    const bytes = layerActivationBytes(ModelSpec.DEEPSEEK_V3);

    expect(bytes).toBeGreaterThan(70 * 7168);
    expect(bytes).toBeLessThan(85 * 7168);
  });
});

describe('the layers to recompute', () => {
  const stages: Stages = { pipeline: 1, virtualPipeline: 1, layers: 80, layer: 10, input: 1, logits: 50 };

  test('are as few as possible, or 0 if everything fits', () => {
    expect(layersToRecompute(stages, 850)).toBe(0);
    expect(layersToRecompute(stages, 849)).toBe(2);
    expect(layersToRecompute(stages, 500)).toBe(40);
  });

  test('never fit if all layers recomputed and the logits are too large', () => {
    expect(stageBytes(stages, 80)).toBe(80 + 10 + 50);
    expect(layersToRecompute(stages, 140)).toBe(80);
    expect(layersToRecompute(stages, 139)).toBeUndefined();
  });

  test('are all or none if the job states it', () => {
    expect(layersToRecompute(stages, 850, 'full')).toBe(80);
    expect(layersToRecompute(stages, 849, 'selective')).toBeUndefined();
    expect(layersToRecompute(stages, 850, 'none')).toBe(0);
  });

  test('fit on every stage of a pipeline, whose first stage holds more if its stages are interleaved', () => {
    for (const virtualPipeline of [1, 2, 5]) {
      for (let available = 0; available < 1200; available += 13) {
        const some = { ...stages, pipeline: 4, virtualPipeline, logits: 400 };
        const recomputed = layersToRecompute(some, available);
        if (recomputed === undefined) continue;
        expect(stageBytes(some, recomputed)).toBeLessThanOrEqual(available);
        // One layer less would not fit, except that without any recomputation no layer is in progress.
        if (recomputed > 1) expect(stageBytes(some, recomputed - 1)).toBeGreaterThan(available);
      }
    }
    expect(stageBytes({ ...stages, pipeline: 4, virtualPipeline: 2 }, 0)).toBe(800 * (1 + 3 / 8));
  });
});
