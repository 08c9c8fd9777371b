import type { Db } from '../../../src/store/db.ts'
import { until } from './person.ts'

/**
 * Places where a run of an app can be held: the store waits just before it takes the row. Killed there, the bot had done
 * what comes before and written nothing of it down, which is the worst moment of each step.
 */
export type Point =
  /** The result of a step, in the engine's table: the step was done, and will be entered again. */
  | `result of ${string}`
  /** The step has begun and its announcement is on its way. */
  | `start of ${string}`
  /** The step is under way and reports progress. */
  | `progress of ${string}`
  /** The act is about to be written into the ledger. */
  | `act of ${string}`
  /** The act was done, its end is not in the ledger. */
  | `end of act ${string}`
  /** The outcome is about to be written. */
  | 'outcome'
  /** The message was posted, and is not remembered. */
  | `message ${string}`

export type Stops = {
  at(app: string, point: Point): Promise<void>
  /** Until the run of the app waits there. */
  reached(app: string, point: Point): Promise<void>
  /** What waits goes on. */
  goOn(): Promise<void>
  /** What waits is undone, as when the machine of the dead bot is gone. */
  drop(): Promise<void>
  close(): Promise<void>
}

const lockClass = 72_657
const install = `
  create schema if not exists trouble;
  create table if not exists trouble.stops (key int generated always as identity, app text, point text, primary key (app, point));
  create or replace function trouble.stop(given_run text, given_point text) returns void language plpgsql as $$
  declare found int;
  begin
    select s.key into found from trouble.stops s join rescue.runs r on r.subject ->> 'name' = s.app
      where r.id = given_run and s.point = given_point;
    if found is not null then perform pg_advisory_xact_lock(${lockClass}, found); end if;
  end $$;
  create or replace function trouble.on_output() returns trigger language plpgsql as $$
  begin perform trouble.stop(split_part(new.workflow_uuid, '/', 1), 'result of ' || new.function_name); return new; end $$;
  create or replace function trouble.on_step() returns trigger language plpgsql as $$
  begin
    if new.state = 'running' and old.state = 'pending' then perform trouble.stop(new.run_id, 'start of ' || new.name); end if;
    if new.progress <> old.progress then perform trouble.stop(new.run_id, 'progress of ' || new.name); end if;
    return new;
  end $$;
  create or replace function trouble.on_act() returns trigger language plpgsql as $$
  declare name text := split_part(new.key, '/', 2);
  begin
    perform trouble.stop(new.run_id, case tg_op when 'INSERT' then 'act of ' else 'end of act ' end || name);
    return new;
  end $$;
  create or replace function trouble.on_run() returns trigger language plpgsql as $$
  begin
    if new.state = 'ended' and old.state <> 'ended' then perform trouble.stop(new.id, 'outcome'); end if;
    return new;
  end $$;
  create or replace function trouble.on_message() returns trigger language plpgsql as $$
  begin perform trouble.stop(split_part(new.owner, '/', 2), 'message ' || split_part(new.role, ':', 1)); return new; end $$;
  create or replace trigger trouble before insert on dbos.operation_outputs for each row execute function trouble.on_output();
  create or replace trigger trouble before update on rescue.steps for each row execute function trouble.on_step();
  create or replace trigger trouble before insert or update on rescue.acts for each row execute function trouble.on_act();
  create or replace trigger trouble before update on rescue.runs for each row execute function trouble.on_run();
  create or replace trigger trouble before insert on rescue.messages for each row execute function trouble.on_message();
`

/** Statements of the bot's own pool end after 15 s, so what is reached must be used soon. */
export async function installStops(db: Db): Promise<Stops> {
  await db.query(install)
  const holder = await db.connect()
  const waiting = `select l.pid, s.app, s.point from pg_locks l join trouble.stops s on s.key = l.objid::int
    where l.locktype = 'advisory' and l.classid::int = ${lockClass} and not l.granted`
  const clear = async () => {
    await db.query('delete from trouble.stops')
    await holder.query('select pg_advisory_unlock_all()')
  }
  return {
    at: async (app, point) => {
      // The lock first: a stop that nobody holds would hold nobody.
      await holder.query('begin')
      const { rows } = await holder.query('insert into trouble.stops (app, point) values ($1, $2) returning key', [
        app,
        point,
      ])
      await holder.query('select pg_advisory_lock($1, $2)', [lockClass, rows[0]?.key])
      await holder.query('commit')
    },
    reached: async (app, point) => {
      await until(
        `the run of ${app} at "${point}"`,
        async () => {
          const { rows } = await db.query<{ app: string; point: string }>(waiting)
          return rows.some((row) => row.app === app && row.point === point)
        },
        40,
      )
    },
    goOn: clear,
    drop: async () => {
      await db.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`)
      await until('nobody waits', async () => (await db.query(waiting)).rows.length === 0)
      await clear()
    },
    close: () => holder.end(),
  }
}
