/** Why an edit is not applied: a sentence that the model reads. Thrown inside the engine only; `applyEdit` turns it into a result. */
export class Refusal extends Error {
  override name = 'Refusal';
}
