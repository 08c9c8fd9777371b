import { z } from 'zod'

/** What the kubelet and the scheduler read of a pod; everything else is left alone. */
const port = z.union([z.number(), z.string()])
const probe = z.object({
  httpGet: z.object({ path: z.string().default('/'), port, scheme: z.string().default('HTTP') }).optional(),
  tcpSocket: z.object({ port }).optional(),
  grpc: z.object({ port: z.number() }).optional(),
  exec: z.object({ command: z.array(z.string()).default([]) }).optional(),
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  failureThreshold: z.number().default(3),
  successThreshold: z.number().default(1),
})

const keyRef = z.object({ name: z.string().default(''), key: z.string(), optional: z.boolean().default(false) })
const nameRef = z.object({ name: z.string().default(''), optional: z.boolean().default(false) })

const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  imagePullPolicy: z.string().default('IfNotPresent'),
  restartPolicy: z.string().optional(),
  terminationMessagePolicy: z.string().default('File'),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        valueFrom: z.object({ configMapKeyRef: keyRef.optional(), secretKeyRef: keyRef.optional() }).optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.object({ configMapRef: nameRef.optional(), secretRef: nameRef.optional() })).default([]),
  resources: z.object({ requests: z.record(z.string(), z.unknown()).default({}) }).default({ requests: {} }),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
})

const volume = z.object({
  name: z.string(),
  configMap: nameRef.optional(),
  secret: z.object({ secretName: z.string().default(''), optional: z.boolean().default(false) }).optional(),
})

const requirement = z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) })
const term = z.object({
  matchExpressions: z.array(requirement).default([]),
  matchFields: z.array(requirement).default([]),
})

const toleration = z.object({
  key: z.string().default(''),
  operator: z.string().default('Equal'),
  value: z.string().default(''),
  effect: z.string().default(''),
})

const podSpec = z.object({
  nodeName: z.string().default(''),
  restartPolicy: z.string().default('Always'),
  schedulerName: z.string().default('default-scheduler'),
  schedulingGates: z.array(z.unknown()).default([]),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z.object({ nodeSelectorTerms: z.array(term) }).optional(),
        })
        .optional(),
    })
    .optional(),
  tolerations: z.array(toleration).default([]),
  initContainers: z.array(container).default([]),
  containers: z.array(container).default([]),
  volumes: z.array(volume).default([]),
})

export type PodSpec = z.infer<typeof podSpec>
export type ContainerSpec = z.infer<typeof container>
export type ProbeSpec = z.infer<typeof probe>
export type Toleration = z.infer<typeof toleration>
export type Requirement = z.infer<typeof requirement>

/** @throws ZodError for what no API server would have stored */
export function readPodSpec(raw: unknown): PodSpec {
  return podSpec.parse(raw)
}
