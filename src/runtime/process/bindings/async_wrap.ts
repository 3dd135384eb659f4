import type { CoreBindingFactory } from '../core.ts';
import type { AsyncHooks } from '../engine/async-context.ts';

/** `internalBinding('async_wrap')`: the state behind async_hooks. */
export const asyncWrap: CoreBindingFactory = (core) => {
  const state = core.asyncState;
  state.later = (callback) => core.loop.enqueue(callback);
  return {
    ...core.described('async_wrap'),
    async_hook_fields: state.hookFields,
    async_id_fields: state.idFields,
    async_ids_stack: state.idStack,
    execution_async_resources: state.resources,
    setupHooks(hooks: AsyncHooks) {
      state.hooks = hooks;
    },
    setCallbackTrampoline: () => undefined,
    pushAsyncContext: (id: number, trigger: number, resource: object) => state.push(id, trigger, resource),
    popAsyncContext: (id: number) => state.pop(id),
    executionAsyncResource: (index: number) => state.resources[index],
    clearAsyncIdStack: () => state.clearStack(),
    queueDestroyAsyncId: (id: number) => state.queueDestroy(id),
    setPromiseHooks: (init: (promise: object, parent: unknown) => void) => state.setPromiseHooks(init),
    getPromiseHooks: () => [state.promiseInit, undefined, undefined, undefined],
    // 'destroy' of a collected resource: a finalizer might never run, and Node gives no guarantee either.
    registerDestroyHook: () => undefined,
  };
};
