import { describe, expect, it } from 'vitest'
import { outcomeCard } from '../../../src/texts/cards/outcome.ts'
import type { Look } from '../../../src/texts/language.ts'
import { type RollbackModal, rollbackModal } from '../../../src/texts/modals/rollback.ts'
import { endedRun, exampleRevision, exampleView, now } from './examples.ts'

const es: Look = { language: 'es', now }
const told = (thing: unknown): string => JSON.stringify(thing)

describe('names that only a cluster understands are told in words', () => {
  const movedBy = (manager: string, field = 'replicas') => {
    const moved = [{ field, before: '3', after: '5', by: manager, at: now.toISOString(), changes: [] }]
    const outcome = { kind: 'refused', reason: 'world_moved', detail: { app: 'a', restored: false, moved } } as const
    return told(outcomeCard(exampleView(endedRun(outcome)), 'plan', es))
  }

  it.each([
    ['kubectl-edit', 'Alguien con `kubectl edit` lo escaló'],
    ['kubectl', 'Alguien con `kubectl` lo escaló'],
    ['kubectl-client-side-apply', 'Alguien con `kubectl apply` lo escaló'],
    ['kube-controller-manager', 'El autoscaler lo escaló'],
    ['argocd-controller', 'Argo CD lo escaló'],
    ['kustomize-controller', 'Flux lo escaló'],
    ['Helm', 'Helm lo escaló'],
    ['rescue', 'Otra ejecución de este bot lo escaló'],
    ['marta', '`marta` lo escaló'],
    ['constructor', '`constructor` lo escaló'],
    ['', 'Alguien lo escaló'],
  ])('%s', (manager, words) => {
    expect(movedBy(manager)).toContain(words)
  })

  it('a workload that was deleted and made anew names who made it', () => {
    expect(movedBy('pipeline', 'recreated')).toContain('Lo borraron, y `pipeline` lo creó de nuevo')
  })

  it('an undo whose ReplicaSet is gone names revision and image, never the ReplicaSet', () => {
    const params = {
      app: 'porttrack-app',
      toSource: 'porttrack-app-7d9f',
      was: { revision: 42, images: ['r/x/app:2.8.0'] },
    }
    const outcome = {
      kind: 'refused',
      reason: 'unknown_revision',
      detail: { app: 'porttrack-app', asked: 'porttrack-app-7d9f', available: [exampleRevision(41)] },
    } as const
    const card = told(outcomeCard(exampleView(endedRun(outcome, { params })), 'plan', es))
    expect(card).toContain('no tiene revisión 42 (app:2.8.0)')
    expect(card).toContain('ya no guarda su ReplicaSet')
    expect(card).not.toContain('7d9f')
  })
})

describe('the form of /rollback', () => {
  const form = (readiness: Extract<RollbackModal['revisions'], { kind: 'there' }>['readiness'], pausedBy?: string) =>
    told(
      rollbackModal(
        {
          apps: ['a'],
          app: 'a',
          reason: undefined,
          metadata: '{}',
          revisions: {
            kind: 'there',
            current: exampleRevision(42),
            others: [exampleRevision(41)],
            chosen: 41,
            readiness,
            ...(pausedBy === undefined ? {} : { pausedBy }),
          },
        },
        es,
      ),
    )

  it('tells what still serves beside the new pods', () => {
    const partly = { desired: 3, ready: 0, updated: 1, available: 3, oldReady: 3, oldRevisions: [41] }
    expect(form(partly)).toContain('0 de 1 pod nuevo listo; la 41 sigue atendiendo con 3 pods')
    expect(form({ ready: 2, desired: 3 })).toContain('2 de 3 pods listos')
    expect(form({ ready: 2, desired: 3 })).not.toContain('en pausa por')
  })

  it('says beforehand that a pause leaves only the emergency, and whose it is', () => {
    const paused = form({ ready: 2, desired: 3 }, 'kubectl-rollout')
    expect(paused).toContain('en pausa por alguien con `kubectl rollout`: solo vuelve como emergencia')
    expect(paused).toContain('rollback:emergency')
  })
})
