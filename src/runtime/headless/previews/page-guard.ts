/**
 * What keeps WebRTC out of a page of a preview and of the frames that it makes, as no header does in the Chromium of today. A frame with
 * `srcdoc` and `sandbox` is out of its page's reach: so the guard stands at the beginning of every `srcdoc`, however it is set.
 *
 * A text that becomes elements never holds the name of that attribute: the server of the previews hides it in the documents that it
 * sends, the guard in what a page parses later. The elements that come of it get the attribute from the guard.
 */

import type { TextRealm } from './page-texts.ts';

/**
 * The names of attributes with their last letters as JavaScript and JSON may write them: in both it means the same, in HTML nothing. What
 * the parser puts into a closed shadow root is out of a script's reach, too: such a root is made by our script.
 */
export const HIDDEN_NAMES = { text: 'srcdo\\u0063', shadow: 'shadowrootmod\\u0065' };

/**
 * Travels as text: it may use nothing but its argument and what a page has. It also works behind the page's own code, which replaces what
 * it can reach: from then on no method of a prototype is called by its name, and no iterator runs.
 *
 * `closing` stands behind the script in the page: it forbids all scripts where this one was not allowed to run. `passTexts` is called for
 * each window.
 */
export function guardPage(
  hiddenNames: { text: string; shadow: string },
  closing: string,
  passTexts: (realm: TextRealm, source: string) => void,
): void {
  type Method = (this: unknown, ...args: unknown[]) => unknown;
  type Realm = Window & { [name: string]: { prototype?: object } };

  const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const uncurried =
    <Value>(method: unknown) =>
    (self: unknown, ...args: unknown[]) =>
      apply(method as Method, self, args) as Value;
  const getter = <Value>(prototype: object, name: string) =>
    uncurried<Value>(getOwnPropertyDescriptor(prototype, name)?.get);
  /** With methods of its own. */
  const pinned = (pattern: RegExp) =>
    Object.defineProperties(pattern, Object.getOwnPropertyDescriptors(RegExp.prototype)) as RegExp;

  const matches = uncurried<boolean>(RegExp.prototype.test);
  const replace = uncurried<string>(String.prototype.replace);
  const lowered = uncurried<string>(String.prototype.toLowerCase);
  const slice = uncurried<string>(String.prototype.slice);
  const isIn = uncurried<boolean>(WeakSet.prototype.has);
  const addTo = uncurried(WeakSet.prototype.add);
  const stateOf = uncurried<{ tail: string; inFrame: boolean } | undefined>(WeakMap.prototype.get);
  const keep = uncurried(WeakMap.prototype.set);
  const getAttribute = uncurried<string | null>(Element.prototype.getAttribute);
  const setAttribute = uncurried(Element.prototype.setAttribute);
  const removeAttribute = uncurried(Element.prototype.removeAttribute);
  const inDocument = uncurried<NodeList>(Document.prototype.querySelectorAll);
  const inFragment = uncurried<NodeList>(DocumentFragment.prototype.querySelectorAll);
  const inElement = uncurried<NodeList>(Element.prototype.querySelectorAll);
  const lengthOf = getter<number>(NodeList.prototype, 'length');
  const typeOf = getter<number>(Node.prototype, 'nodeType');
  const nameOf = getter<string>(Element.prototype, 'localName');
  const rootOf = uncurried<Node>(Node.prototype.getRootNode);
  const viewOf = getter<Realm | null>(Document.prototype, 'defaultView');
  const contentOf = getter<Node>(HTMLTemplateElement.prototype, 'content');
  const attributeName = getter<string>(Attr.prototype, 'localName');
  const attributeValue = getter<string>(Attr.prototype, 'value');
  const setAttributeValue = uncurried(getOwnPropertyDescriptor(Attr.prototype, 'value')?.set);
  const addedNodes = getter<NodeList>(MutationRecord.prototype, 'addedNodes');
  const attributeOf = getter<string | null>(MutationRecord.prototype, 'attributeName');
  const targetOf = getter<Node>(MutationRecord.prototype, 'target');
  const listen = uncurried(EventTarget.prototype.addEventListener);
  const observe = uncurried(MutationObserver.prototype.observe);
  const parentOf = getter<Node | null>(Node.prototype, 'parentNode');
  const appendNode = uncurried(Node.prototype.appendChild);
  const removeNode = uncurried(Element.prototype.remove);
  const attachShadow = uncurried<Node>(Element.prototype.attachShadow);
  const frameView = getter<Realm | null>(HTMLIFrameElement.prototype, 'contentWindow');
  const objectView = getter<Realm | null>(HTMLObjectElement.prototype, 'contentWindow');
  const prevent = uncurried(Event.prototype.preventDefault);
  const write = uncurried(Document.prototype.write);
  const later = setTimeout;
  const textsSource = `${passTexts}`;

  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createHTML(text: string): unknown } };
  };
  const policy = trustedTypes?.createPolicy('fixpoint-preview', { createHTML: (text: string) => text });
  const createHtml = policy && uncurried(policy.createHTML);
  /** What a page that asks for trusted types takes from this script. */
  const html = (text: string): unknown => (createHtml ? createHtml(policy, text) : text);

  const NAME = 'srcdoc';
  const WHOLE = pinned(/srcdoc|shadowrootmode/gi);
  const BEGUN = pinned(/s(?:r(?:c(?:do?)?)?|h(?:a(?:d(?:o(?:w(?:r(?:o(?:o(?:t(?:m(?:od?)?)?)?)?)?)?)?)?)?)?)?$/i);
  const LONGEST = 14;
  const OBSERVED = { childList: true, subtree: true, attributeFilter: [NAME] };
  const FRAME = pinned(/<(?:iframe|template)/i);
  const PARSER = pinned(/^(?:(?!get).*html.*|createcontextualfragment|parsefromstring)$/i);
  const STREAM = pinned(/^stream.*html/i);
  const ANY = pinned(/^/);
  const ELEMENT = 1;
  const ATTRIBUTE = 2;
  const DOCUMENT = 9;
  const FRAGMENT = 11;

  const front = `<script>${document.currentScript?.textContent}</script>${closing}`;
  const guarded = new WeakSet<object>();
  const written = new WeakMap<object, { tail: string; inFrame: boolean }>();

  const isGuarded = (text: string) => slice(text, 0, front.length) === front;
  const guardedText = (text: string) => (isGuarded(text) ? text : front + hidden(text));
  const hidden = (text: string) =>
    replace(
      text,
      WHOLE,
      (name: string) => slice(name, 0, -1) + slice(name.length === 6 ? hiddenNames.text : hiddenNames.shadow, -6),
    );

  const each = (parent: unknown, selector: string, visit: (element: Element) => void) => {
    const type = typeOf(parent);
    const select = type === DOCUMENT ? inDocument : type === FRAGMENT ? inFragment : inElement;
    const found = select(parent, selector);
    for (let i = 0, end = lengthOf(found); i < end; i++) visit(found[i] as Element);
  };
  const restore = (frame: Element) => {
    const text = getAttribute(frame, hiddenNames.text) ?? getAttribute(frame, NAME);
    if (text === null || isGuarded(text)) return;
    removeAttribute(frame, hiddenNames.text);
    setAttribute(frame, NAME, html(guardedText(text)));
  };
  /** What was parsed from something else than a text of the page. */
  const guardTree = (root: unknown) => {
    if (typeof root !== 'object' || root === null) return;
    each(root, '[srcdoc]', (element) =>
      setAttribute(element, NAME, html(guardedText(getAttribute(element, NAME) ?? ''))),
    );
    each(root, 'template', (template) => {
      try {
        guardTree(contentOf(template));
      } catch {
        // Of another namespace: it has no content apart.
      }
    });
  };
  const guardAttribute = (attribute: unknown) => {
    if (attributeName(attribute) === NAME) setAttributeValue(attribute, html(guardedText(attributeValue(attribute))));
  };

  interface Around {
    /** May change the arguments. */
    before?: (args: unknown[], self: unknown) => void;
    /** May look at the result. */
    after?: (result: unknown, self: unknown) => void;
  }
  const wrapped = (native: Method | undefined, { before, after }: Around) => {
    if (!native) return native;
    const { method } = {
      method(this: unknown, ...args: unknown[]) {
        before?.(args, this);
        const result = apply(native, this, args);
        after?.(result, this);
        return result;
      },
    };
    defineProperty(method, 'name', { __proto__: null, value: native.name } as object);
    defineProperty(method, 'length', { __proto__: null, value: native.length } as object);
    return method;
  };
  /** Methods and setters; `reading` is for getters. */
  const around = (holder: object | undefined, name: string, what: Around, reading: Around = {}) => {
    const own = holder && getOwnPropertyDescriptor(holder, name);
    if (!own?.configurable) return;
    const { enumerable, value, get, set } = own;
    const changed = value
      ? { value: wrapped(value, what), writable: true }
      : { get: wrapped(get as Method, reading), set: wrapped(set as Method, what) };
    const described = { __proto__: null, ...changed, enumerable, configurable: true };
    defineProperty(holder as object, name, described as object);
  };
  const CHILD = ['before', 'after', 'replaceWith'];
  const PARENT = ['append', 'prepend', 'replaceChildren', 'moveBefore'];
  const INSERTING: Readonly<Record<string, readonly string[]>> = {
    Node: ['appendChild', 'insertBefore', 'replaceChild'],
    Element: [...CHILD, ...PARENT, 'insertAdjacentElement'],
    CharacterData: CHILD,
    DocumentType: CHILD,
    DocumentFragment: PARENT,
    Document: [...PARENT, 'body'],
    Range: ['insertNode', 'surroundContents'],
    HTMLTableElement: ['caption', 'tHead', 'tFoot'],
    HTMLSelectElement: ['add'],
    HTMLOptionsCollection: ['add'],
  };
  const INSERTERS = ownKeys(INSERTING) as string[];
  const PARSING = ['Element', 'ShadowRoot', 'Range', 'DOMParser'];
  const FRAMES = ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement', 'HTMLEmbedElement'];

  const guardFrame = (frame: Element) => {
    try {
      const name = nameOf(frame);
      const view = name === 'iframe' ? frameView(frame) : name === 'object' ? objectView(frame) : null;
      if (view) guardRealm(view);
    } catch {
      // Of another namespace.
    }
  };
  /** Frames of a shadow are not among those of the window. */
  const guardFrames = (node: unknown) => {
    const type = typeOf(node);
    if (type === ELEMENT) guardFrame(node as Element);
    if (type === ELEMENT || type === FRAGMENT) each(node, 'iframe, object', guardFrame);
  };
  const watchRoot = (root: unknown) => {
    observe(rootObserver, root, OBSERVED);
    listen(root, 'load', () => guardFrames(root), true);
  };
  /** Makes the shadow roots that the parser was not let make. */
  const attachShadows = (root: unknown) => {
    each(root, 'template', (template) => {
      const mode = getAttribute(template, hiddenNames.shadow);
      const host = parentOf(template);
      if ((mode !== 'open' && mode !== 'closed') || !host) return;
      const has = (name: string) => getAttribute(template, `shadowroot${name}`) !== null;
      const options = {
        mode,
        delegatesFocus: has('delegatesfocus'),
        clonable: has('clonable'),
        serializable: has('serializable'),
      };
      try {
        const made = attachShadow(host, { __proto__: null, ...options });
        watchRoot(made);
        removeNode(template);
        appendNode(made, contentOf(template));
        attachShadows(made);
        eachFrame(made, restore);
        guardFrames(made);
      } catch {
        // Its host can have none, or has one: it stays a template, as with the parser.
      }
    });
  };

  const heed = (records: readonly MutationRecord[]) => {
    for (let i = 0; i < records.length; i++) {
      const nodes = addedNodes(records[i]);
      for (let at = 0, end = lengthOf(nodes); at < end; at++) {
        eachFrame(nodes[at], restoreLater);
        guardFrames(nodes[at]);
      }
      if (attributeOf(records[i]) === NAME) eachFrame(targetOf(records[i]), restore);
    }
  };
  const rootObserver = new MutationObserver(heed);

  const reach = (realm: Realm) => {
    for (let i = 0, end = realm.length; i < end; i++) guardRealm(realm[i] as unknown as Realm);
  };

  const eachFrame = (node: unknown, visit: (frame: Element) => void) => {
    const type = typeOf(node);
    if (type === ELEMENT && nameOf(node) === 'iframe') visit(node as Element);
    else if (type === ELEMENT || type === DOCUMENT || type === FRAGMENT) each(node, 'iframe', visit);
  };
  /** Chromium takes no text for a frame that the parser has just made. */
  const restoreLater = (frame: Element) => {
    if (getAttribute(frame, hiddenNames.text) !== null || getAttribute(frame, NAME) !== null)
      later(() => restore(frame));
  };
  /** Around what makes elements of the text at this place of its arguments. */
  const parsing = (index: number, reached: () => void): Around => ({
    before: (args) => {
      const value = args[index];
      if (value === null || value === undefined) return;
      const given = `${value}`;
      const text = hidden(given);
      args[index] = typeof value === 'string' && text === given ? given : html(text);
    },
    after: (result, self) => {
      const made = typeof result === 'object' && result !== null ? result : self;
      if (typeOf(made) === DOCUMENT) guardTree(made);
      attachShadows(typeOf(made) === DOCUMENT ? made : rootOf(made));
      eachFrame(rootOf(made), restore);
      if (typeOf(rootOf(made)) === FRAGMENT) guardFrames(rootOf(made));
      reached();
    },
  });
  const guardParsing = (realm: Realm, reached: () => void) => {
    for (let i = 0; i < PARSING.length; i++) {
      const holder = realm[PARSING[i] as string]?.prototype;
      const names = holder ? ownKeys(holder) : [];
      for (let at = 0; at < names.length; at++) {
        const name = names[at];
        if (typeof name !== 'string') continue;
        if (matches(STREAM, name)) deleteProperty(holder as object, name);
        else if (matches(PARSER, name)) around(holder, name, parsing(name === 'insertAdjacentHTML' ? 1 : 0, reached));
      }
    }
    around(realm.Document, 'parseHTMLUnsafe', parsing(0, reached));
    around(realm.Document, 'parseHTML', parsing(0, reached));
    around(realm.Document?.prototype, 'execCommand', parsing(2, reached));
  };
  /** The pieces that a page writes are one text, which the rest of the document goes on with. */
  const writing: Around['before'] = (args, self) => {
    let text = '';
    for (let i = 0; i < args.length; i++) text += `${args[i]}`;
    const { tail, inFrame } = stateOf(written, self as object) ?? { tail: '', inFrame: false };
    const whole = tail + text;
    // In what is hidden there is no whole name.
    const state = { tail: slice(hidden(whole), 1 - LONGEST), inFrame: inFrame || matches(FRAME, whole) };
    keep(written, self as object, state);
    const end = state.inFrame && matches(BEGUN, whole) ? '<!---->' : '';
    args.length = 1;
    args[0] = html(slice(hidden(whole), tail.length) + end);
  };
  const attributes = (realm: Realm) => {
    const naming = (index: number): Around => ({
      before: (args) => {
        if (args.length < index + 2) return;
        const name = `${args[index]}`;
        args[index] = name;
        if (lowered(name) === NAME) args[index + 1] = html(guardedText(`${args[index + 1]}`));
      },
    });
    const taking: Around = { before: (args) => guardAttribute(args[0]) };
    const setting: Around = {
      before: (args, self) => {
        if (typeOf(self) === ATTRIBUTE && attributeName(self) === NAME) args[0] = html(guardedText(`${args[0]}`));
      },
    };
    const element = realm.Element?.prototype;
    around(element, 'setAttribute', naming(0));
    around(element, 'setAttributeNS', naming(1));
    around(element, 'setAttributeNode', taking);
    around(element, 'setAttributeNodeNS', taking);
    around(realm.NamedNodeMap?.prototype, 'setNamedItem', taking);
    around(realm.NamedNodeMap?.prototype, 'setNamedItemNS', taking);
    around(realm.Attr?.prototype, 'value', setting);
    around(realm.Node?.prototype, 'nodeValue', setting);
    around(realm.Node?.prototype, 'textContent', setting);
    around(realm.HTMLIFrameElement?.prototype, NAME, {
      before: (args) => {
        args[0] = html(guardedText(`${args[0]}`));
      },
    });
  };

  /** Before code of the page has had it. */
  const guardRealm = (realm: Realm) => {
    let page: Document;
    try {
      page = realm.document;
    } catch {
      // Of another origin: the server, or the text of its `srcdoc`, has guarded it.
      return;
    }
    if (isIn(guarded, page)) return;
    addTo(guarded, page);
    deleteProperty(realm, 'RTCPeerConnection');
    deleteProperty(realm, 'webkitRTCPeerConnection');
    // Its window would be one more.
    deleteProperty(realm, 'documentPictureInPicture');
    deleteProperty(realm, 'DocumentPictureInPicture');
    passTexts(realm as unknown as TextRealm, textsSource);
    const reached = () => reach(realm);
    for (let i = 0; i < INSERTERS.length; i++) {
      const owner = INSERTERS[i] as string;
      const names = INSERTING[owner] as readonly string[];
      for (let at = 0; at < names.length; at++)
        around(realm[owner]?.prototype, names[at] as string, { after: reached });
    }
    guardParsing(realm, reached);
    attributes(realm);
    const documents = realm.Document?.prototype;
    around(documents, 'write', { before: writing, after: reached });
    around(documents, 'writeln', { before: writing, after: reached });
    // It takes the listeners of the page away.
    around(documents, 'open', { after: () => listen(page, 'load', reached, true) });
    listen(page, 'load', reached, true);
    const guardResult: Around = {
      after: (result) => {
        if (result instanceof (realm.Document as unknown as typeof Document)) guardTree(result);
      },
    };
    around(realm.XMLHttpRequest?.prototype, 'response', {}, guardResult);
    around(realm.XMLHttpRequest?.prototype, 'responseXML', {}, guardResult);
    around(realm.XSLTProcessor?.prototype, 'transformToFragment', { after: guardTree });
    around(realm.XSLTProcessor?.prototype, 'transformToDocument', { after: guardTree });
    const seeWindow: Around = { after: (result) => result && guardRealm(result as Realm) };
    around(realm, 'open', seeWindow);
    around(realm.MessageEvent?.prototype, 'source', {}, seeWindow);
    around(realm.UIEvent?.prototype, 'view', {}, seeWindow);
    around(realm.Element?.prototype, 'attachShadow', { after: watchRoot });
    const seeDocument: Around = { after: (result) => result && seeWindow.after?.(viewOf(result), null) };
    for (let i = 0; i < FRAMES.length; i++) {
      const frame = realm[FRAMES[i] as string]?.prototype;
      around(frame, 'contentWindow', {}, seeWindow);
      around(frame, 'contentDocument', {}, seeDocument);
      around(frame, 'getSVGDocument', seeDocument);
    }
    const observer = new (realm.MutationObserver as unknown as typeof MutationObserver)((records) => {
      heed(records);
      reached();
    });
    observe(observer, page, OBSERVED);
    reached();
  };
  guardRealm(globalThis as unknown as Realm);
  listen(document, 'DOMContentLoaded', () => attachShadows(document), true);

  const { navigation } = globalThis as { navigation?: EventTarget };
  if (navigation) {
    const destination = getter<object>(NavigateEvent.prototype, 'destination');
    const download = getter<string | null>(NavigateEvent.prototype, 'downloadRequest');
    const address = getter<string>(NavigationDestination.prototype, 'url');
    const { warn } = console;
    // What a frame makes of a text is held back by the policy of its page alone.
    const [, host] = /^http:\/\/\d+\.(.+)$/.exec(location.origin) ?? [];
    const own =
      host === undefined ? ANY : pinned(new RegExp(`^(?:about:|data:|http://\\d+\\.${host.replaceAll('.', '\\.')}/)`));
    listen(navigation, 'navigate', (event: Event) => {
      const to = address(destination(event));
      // A document of `blob:` would come without the guard: in a frame the policy forbids it, in a tab nothing does.
      if (slice(to, 0, 5) === 'blob:' ? download(event) !== null : matches(own, to)) return;
      prevent(event);
      warn(`A preview reaches its own sandbox alone: it does not go to ${to}`);
    });
  }
  write(document, html('<!--'));
}
