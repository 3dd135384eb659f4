/** The policy, or the person, said no. The message is for the model: why, and what it may do instead. */
export class PermissionDenied extends Error {
  override name = 'PermissionDenied';
}
