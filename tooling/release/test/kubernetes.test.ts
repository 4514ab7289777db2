/** Offline: values by the API's schemas, and what has to fit one another. Names are those of kubernetes.slow.test.ts. */
import { describe, expect, test } from 'vitest'
import { DOCKERFILE } from './dockerfile-setup.ts'
import { MANIFESTS, validated } from './kubernetes-setup.ts'

/** Seconds that the command of the image gives to an option. */
function seconds(option: string): number {
  const value = new RegExp(`"${option}", "(\\d+)s"`).exec(DOCKERFILE)?.[1]
  if (value === undefined) throw new Error(`expected ${option} in the Dockerfile`)
  return Number(value)
}

describe('deploy/kubernetes.yaml', () => {
  test('has values that the API takes', () => {
    expect(() => validated(MANIFESTS)).not.toThrow()
    expect(() => validated(MANIFESTS.replace('containerPort: 3000', 'containerPort: http'))).toThrow(/containerPort/)
    expect(() => validated(MANIFESTS.replace('replicas: 3', 'replicas: three'))).toThrow(/replicas/)
  })

  test('selects the pods that it makes, and reaches ports that they have', () => {
    const { deployment, service, budget } = validated(MANIFESTS)
    const labels = deployment.spec?.template.metadata?.labels
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'site' })
    expect(deployment.spec?.selector.matchLabels).toEqual(labels)
    expect(service.spec?.selector).toEqual(labels)
    expect(budget.spec?.selector?.matchLabels).toEqual(labels)
    // A budget of as many as there are would never let a node be drained.
    expect(budget.spec?.maxUnavailable).toBeLessThan(deployment.spec?.replicas ?? 0)
    const [container] = deployment.spec?.template.spec?.containers ?? []
    const ports = new Map(container?.ports?.map(({ name, containerPort }) => [name, containerPort]))
    expect(`EXPOSE ${[...ports.values()].join(' ')}`).toBe(/^EXPOSE .+$/m.exec(DOCKERFILE)?.[0])
    expect(ports.get(String(service.spec?.ports?.[0]?.targetPort))).toBe(3000)
    for (const probe of [container?.livenessProbe, container?.readinessProbe]) {
      expect(DOCKERFILE).toContain(`"--metrics=0.0.0.0:${ports.get(String(probe?.httpGet?.port))}"`)
    }
  })

  test('waits for as long as a stop may take, and sees it before the sockets close', () => {
    const pod = validated(MANIFESTS).deployment.spec?.template.spec
    const delay = seconds('--shutdown-delay')
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(delay + seconds('--graceful-timeout'))
    const { periodSeconds = 10, failureThreshold = 3 } = pod?.containers[0]?.readinessProbe ?? {}
    expect(periodSeconds * failureThreshold).toBeLessThan(delay)
  })
})
