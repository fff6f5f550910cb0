import { details, type Readers } from '../../view';

/** Readers of PAI workspaces and image registries on Alibaba Cloud. */
export const ALICLOUD_MACHINE_LEARNING_READERS: Readers = {
  alicloud_pai_workspace_workspace: ({ name, props }, view) => ({
    workflows: [{ name, kind: 'PAI workspace', ...details({ name: view.text(props.workspace_name) }) }],
  }),
  alicloud_pai_workspace_dataset: ({ props }, view) => (view.find(props.workspace_id) ? {} : undefined),
  alicloud_pai_workspace_model: ({ name, props }, view) => ({
    workflows: [{ name, kind: 'registered model', ...details({ name: view.text(props.model_name) }) }],
  }),
  alicloud_pai_workspace_experiment: ({ props }, view) => (view.find(props.workspace_id) ? {} : undefined),
  alicloud_pai_workspace_code_source: ({ props }, view) => (view.find(props.workspace_id) ? {} : undefined),
  alicloud_pai_workspace_member: ({ name, props }, view) => ({
    permissions: [{ name, kind: 'workspace member', ...details({ user: view.text(props.user_id) }) }],
  }),
  alicloud_cr_ee_instance: ({ name, props }, view) => ({
    storage: [{ name, kind: 'image registry', ...details({ edition: view.text(props.instance_type) }) }],
  }),
  alicloud_cr_ee_namespace: ({ props }, view) => (view.find(props.instance_id) ? {} : undefined),
  alicloud_cr_ee_repo: ({ props }, view) => (view.find(props.instance_id) ? {} : undefined),
  alicloud_cr_vpc_endpoint_linked_vpc: ({ props }, view) => (view.find(props.instance_id) ? {} : undefined),
};
