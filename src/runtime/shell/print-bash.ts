/** Commands laid out as bash prints them: functions (`declare -f`, `type`), and the command that a trap asks for. */
import type {
  Case,
  Command,
  CommandNode,
  CompoundList,
  If,
  PipelineNode,
  Redirection,
  Statement,
  TestExpression,
} from 'unbash';

type Node = PipelineNode | Statement['command'];

/** One line, as `BASH_COMMAND` has it. */
export function printCommand(node: Node, source: string): string {
  return new Layout(source, false).node(node, 0);
}

/** The definition behind the function's name, its body in braces. */
export function printBody(body: Extract<CommandNode, { type: 'Function' }>['body'], source: string): string {
  return new Layout(source, true).functionBody(body, 0);
}

const STEP = 4;
const pad = (indent: number) => ' '.repeat(indent);

/** An end of text behind which bash puts no semicolon: a here-document's last line, and `&`. */
const ENDED = /[&\n]$/;

class Layout {
  readonly #source: string;
  /** bash writes the commands of a function below each other, others on one line. */
  readonly #below: boolean;
  #hereDocuments: string[] = [];
  /** A here-document stood in a pipeline: bash forgets the semicolon behind it, too. */
  #afterBody = false;

  constructor(source: string, below: boolean) {
    this.#source = source;
    this.#below = below;
  }

  functionBody(body: Extract<CommandNode, { type: 'Function' }>['body'], indent: number): string {
    const group = body.type === 'Redirected' ? body.command : body;
    const redirects = body.type === 'Redirected' ? this.#redirects(body.redirects) : '';
    if (group.type === 'CompoundList') return this.#braces(this.#list(group, indent + STEP), indent);
    if (group.type === 'BraceGroup') return this.#braces(this.#list(group.body, indent + STEP), indent) + redirects;
    return this.#braces(this.node(body as Node, indent + STEP), indent);
  }

  #braces(text: string, indent: number): string {
    return `{ \n${pad(indent + STEP)}${text}\n${pad(indent)}}`;
  }

  node(node: Node, indent: number): string {
    const body = (list: CompoundList) => this.#block(list, indent);
    switch (node.type) {
      case 'AndOr':
        return node.commands
          .map((command, i) => (i === 0 ? '' : ` ${node.operators[i - 1]} `) + this.node(command, indent))
          .join('');
      case 'Pipeline': {
        const prefixes = node.prefixes.map((prefix) =>
          prefix.type === 'Negation' ? '! ' : prefix.posix ? 'time -p ' : 'time ',
        );
        const stages = node.commands.map((command, i) => {
          const both = node.operators[i] === '|&' ? ' 2>&1' : '';
          const text = this.node(command, indent) + both;
          if (i === node.commands.length - 1) return text;
          const bodies = this.#hereDocuments.splice(0).join('');
          this.#afterBody ||= bodies !== '';
          return bodies === '' ? `${text} | ` : `${text} |\n${bodies}  `;
        });
        return prefixes.join('') + stages.join('');
      }
      case 'Command':
        return this.#simple(node);
      case 'Redirected':
        return this.node(node.command, indent) + this.#redirects(node.redirects);
      case 'Function':
        return `function ${node.name.text} () \n${pad(indent)}${this.functionBody(node.body, indent)}`;
      case 'BraceGroup':
        if (!this.#below) return `{ ${this.#ended(this.#list(node.body, indent))} }`;
        return this.#braces(this.#list(node.body, indent + STEP), indent);
      case 'Subshell':
        return `( ${this.#list(node.body, indent)} )`;
      case 'If':
        return this.#if(node, indent);
      case 'While':
        return `${node.kind} ${this.#ended(this.#list(node.clause, indent))} do${body(node.body)}done`;
      case 'For':
      case 'Select': {
        const words = node.wordlist ? node.wordlist.map((word) => word.text).join(' ') : '"$@"';
        const open = `${node.type === 'For' ? 'for' : 'select'} ${node.name.text} in ${words};`;
        return `${open}${this.#line(indent)}do${body(node.body)}done`;
      }
      case 'ArithmeticFor': {
        const parts = [node.initialize, node.test, node.update].map((part) => (part ? this.#text(part) : '1'));
        return `for ((${parts.join('; ')}))${this.#line(indent)}do${body(node.body)}done`;
      }
      case 'Case':
        return this.#case(node, indent);
      case 'TestCommand':
        return `[[ ${this.#test(node.expression)} ]]`;
      case 'ArithmeticCommand':
        return `((${node.body}))`;
      case 'Coproc':
        if (node.body.type === 'CompoundList') return this.#text(node);
        return `coproc ${node.name?.text ?? 'COPROC'} ${this.node(node.body, indent)}`;
    }
  }

  #text({ pos, end }: { pos: number; end: number }): string {
    return this.#source.slice(pos, end);
  }

  #line(indent: number): string {
    return this.#below ? `\n${pad(indent)}` : ' ';
  }

  #ended(text: string): string {
    return ENDED.test(text) ? text : `${text};`;
  }

  /** Between `do` and `done`, `then` and `fi`. */
  #block(list: CompoundList, indent: number): string {
    return `${this.#line(indent + STEP)}${this.#ended(this.#list(list, indent + STEP))}${this.#line(indent)}`;
  }

  #list({ commands }: CompoundList, indent: number): string {
    let text = '';
    for (const [index, { command, background }] of commands.entries()) {
      text += this.node(command, indent);
      const last = index === commands.length - 1;
      if (background) text += last ? ' &' : ' & ';
      if (this.#hereDocuments.length > 0) text += `\n${this.#hereDocuments.splice(0).join('')}`;
      if (!last && !background) text += `${ENDED.test(text) || this.#afterBody ? '' : ';'}${this.#line(indent)}`;
      this.#afterBody = false;
    }
    return text;
  }

  #if(node: If, indent: number, from = -1): string {
    const branch = node.elif[from] ?? node;
    const open = `if ${this.#ended(this.#list(branch.clause, indent))} then${this.#block(branch.then, indent)}`;
    if (from + 1 >= node.elif.length) return `${open}${node.else ? `else${this.#block(node.else, indent)}` : ''}fi`;
    const rest = this.#if(node, indent + STEP, from + 1);
    return `${open}else${this.#line(indent + STEP)}${rest};${this.#line(indent)}fi`;
  }

  #case(node: Case, indent: number): string {
    let text = `case ${node.word.text} in `;
    for (const item of node.items) {
      const inside = indent + STEP;
      text += `${this.#line(inside)}${item.pattern.map((word) => word.text).join(' | ')})`;
      const body = this.#list(item.body, inside + STEP);
      text += body === '' ? `${this.#below ? '\n' : ''}` : `${this.#line(inside + STEP)}${body}`;
      text += `${this.#line(inside)}${item.terminator ?? ';;'}`;
    }
    return `${text}${this.#line(indent)}esac`;
  }

  #test(expression: TestExpression): string {
    switch (expression.type) {
      case 'TestUnary':
        return `${expression.operator} ${expression.operand.text}`;
      case 'TestBinary':
        return `${expression.left.text} ${expression.operator} ${expression.right.text}`;
      case 'TestLogical':
        return expression.operands.map((operand) => this.#test(operand)).join(` ${expression.operator} `);
      case 'TestNot':
        return `${'! '.repeat(expression.negations.length)}${this.#test(expression.operand)}`;
      case 'TestGroup':
        return `( ${this.#test(expression.expression)} )`;
    }
  }

  #simple(node: Command): string {
    const assignments = node.prefix.flatMap((item) => (item.type === 'Assignment' ? [item.text] : []));
    const words = [node.name, ...node.args].flatMap((word) => (word ? [word.text] : []));
    return (
      [...assignments, ...words].join(' ') + this.#redirects(node.redirects, assignments.length + words.length > 0)
    );
  }

  #redirects(redirects: readonly Redirection[], behind = true): string {
    return redirects.map((redirect, i) => `${behind || i > 0 ? ' ' : ''}${this.#redirect(redirect)}`).join('');
  }

  #redirect(redirect: Redirection): string {
    const given = redirect.descriptor;
    const number = given?.type === 'FileDescriptorVariable' ? `{${given.name}}` : given && String(given.value);
    if (redirect.type === 'HereDoc') {
      const { body, delimiter, operator } = redirect;
      const text = operator === '<<-' ? body.text.replace(/^\t+/gm, '') : body.text;
      this.#hereDocuments.push(`${text}${delimiter?.value ?? ''}\n`);
      return `${number ?? ''}${operator}${delimiter?.quoted ? `'${delimiter.value}'` : (delimiter?.text ?? '')}`;
    }
    const target = redirect.target?.text ?? '';
    const usual = redirect.operator.startsWith('<') ? '0' : '1';
    const shown = number === usual ? '' : (number ?? '');
    if (redirect.operator !== '>&' && redirect.operator !== '<&') return `${shown}${redirect.operator} ${target}`;
    if (/^(\d+|-)$/.test(target)) return `${number ?? usual}${target === '-' ? '>&' : redirect.operator}${target}`;
    return redirect.operator === '>&' && number === undefined && !target.startsWith('$')
      ? `&> ${target}`
      : `${shown}${redirect.operator}${target}`;
  }
}
