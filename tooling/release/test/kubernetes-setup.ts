/** deploy/kubernetes.yaml, and the schemas of Kubernetes' API for what it has. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1/Deployment'
import { type IPodDisruptionBudget, PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { type IService, Service } from 'kubernetes-models/v1/Service'
import { parseAllDocuments } from 'yaml'
import { ROOT } from '../src/packages.ts'

export const MANIFESTS: string = readFileSync(join(ROOT, 'deploy/kubernetes.yaml'), 'utf8')

/** By kind. */
export const objectsOf = (yaml: string): ReadonlyMap<string, object> =>
  new Map(
    parseAllDocuments(yaml).map((document) => {
      if (document.errors.length > 0) throw document.errors[0]
      return [String(document.get('kind')), document.toJS() as object]
    }),
  )

export interface Site {
  readonly deployment: IDeployment
  readonly service: IService
  readonly budget: IPodDisruptionBudget
}

/** @throws Error where an object has a value that the API's schema refuses; a name that it does not know is not noticed */
export function validated(yaml: string): Site {
  const objects = objectsOf(yaml)
  const deployment = new Deployment(objects.get('Deployment') as IDeployment)
  const service = new Service(objects.get('Service') as IService)
  const budget = new PodDisruptionBudget(objects.get('PodDisruptionBudget') as IPodDisruptionBudget)
  for (const model of [deployment, service, budget]) model.validate()
  return { deployment, service, budget }
}
