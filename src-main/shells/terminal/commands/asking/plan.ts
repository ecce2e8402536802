import { EXIT } from '../../exit-codes.ts';
import { planText } from '../../output/plan-text.ts';
import type { Session } from '../../session.ts';
import type { PlanOptions } from './plan-options.ts';
import { scanRequest } from './scan-target.ts';

/** Shows what asking about the rows would cost. Sends and queues nothing. Returns the exit code. */
export async function plan(session: Session, targets: readonly string[], options: PlanOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const request = await scanRequest(session, engine, targets, options);
    const flightPlan = await engine.scanning.plan(request, session.signal);
    const { out, style } = session;
    if (options.json === true) {
      await out.write(`${JSON.stringify({ intakeId: request.intakeId, ...flightPlan }, null, 2)}\n`);
    } else {
      await out.write(planText(request.intakeId, flightPlan, { width: out.width, style }));
    }
    return EXIT.done;
  });
}
