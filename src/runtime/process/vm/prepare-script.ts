/** What a script needs before it runs as one: in a context, or as an indirect eval in the process's global scope. */

import type * as acorn from 'acorn';
import { append } from '../../kernel/large-lists.ts';
import { applyEdits, type Edit, type Edited, insertion } from '../modules/transform/edits.ts';
import { varNames } from '../modules/transform/import-references.ts';
import { type AnyNode, declaredNames, type Parse } from '../modules/transform/syntax-tree.ts';
import { endOfDirectives } from '../modules/transform/transform-await.ts';
import { collectScriptEdits } from '../modules/transform/transform-script.ts';
import { blockFunctions } from './block-functions.ts';
import { contextEdits } from './context-edits.ts';
import { guardEdits } from './loop-guard.ts';
import { VM_DECLARE } from './names.ts';
import { strictVarEdits } from './strict-vars.ts';

export interface PreparedScript extends Edited {
  strict: boolean;
  /** Top-level names. */
  lexicals: string[];
  functions: string[];
  vars: string[];
}

export interface ScriptSettings {
  /** The expression that takes the place of `import` in `import(x)`. */
  importer: string;
  /** Free names are those of a context. */
  inContext: boolean;
  /** The script's time is limited. */
  guarded: boolean;
}

/** Undefined when the text does not parse: compiling it will report why. */
export function prepareScript(source: string, settings: ScriptSettings, parse: Parse): PreparedScript | undefined {
  let program: acorn.Program;
  try {
    program = parse(source, { ecmaVersion: 'latest', allowHashBang: true });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const names = topLevelNames(program.body);
  const strict = isStrict(program.body);
  const edits: Edit[] = [...declarations(program, names, settings)];
  append(edits, collectScriptEdits(program, source, settings.importer));
  if (strict) append(edits, strictVarEdits(program));
  if (settings.inContext && !strict) {
    const blocks = blockFunctions(program, names.lexicals);
    append(edits, blocks.edits);
    names.vars = [...new Set([...names.vars, ...blocks.names])];
  }
  if (settings.inContext) append(edits, contextEdits(program, { strict, declared: Object.values(names).flat() }));
  if (settings.guarded) append(edits, guardEdits(program));
  return { ...applyEdits(source, edits), strict, ...names };
}

type Names = Pick<PreparedScript, 'lexicals' | 'functions' | 'vars'>;

/** What a text declares at its top: `var` from anywhere within, but for functions in blocks. */
export function topLevelNames(body: readonly AnyNode[]): Names {
  const lexicals: string[] = [];
  const functions: string[] = [];
  for (const statement of body) {
    if (statement.type === 'FunctionDeclaration' && statement.id) functions.push(statement.id.name);
    else if (statement.type === 'ClassDeclaration' && statement.id) lexicals.push(statement.id.name);
    else if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      append(lexicals, declaredNames(statement));
    }
  }
  return { lexicals, functions: [...new Set(functions)], vars: [...new Set(varNames(body))] };
}

/** The edits of a module that is to run in a context. */
export function contextModuleEdits(program: acorn.Program): Edit[] {
  const statements = program.body.map((statement) =>
    'declaration' in statement && statement.declaration ? statement.declaration : statement,
  );
  const imports = program.body.flatMap((statement) =>
    statement.type === 'ImportDeclaration' ? statement.specifiers.map(({ local }) => local.name) : [],
  );
  const declared = [...Object.values(topLevelNames(statements)).flat(), ...imports];
  return contextEdits(program, { strict: true, declared });
}

export const isStrict = (body: readonly AnyNode[]): boolean =>
  body.some((node) => 'directive' in node && node.directive === 'use strict');

/** The names are handed over in a declaration: unlike an expression, it leaves the script's completion value alone. */
function declarations(program: acorn.Program, { lexicals, functions }: Names, { inContext }: ScriptSettings): Edit[] {
  const takesFunctions = functions.length > 0 && (inContext || isStrict(program.body));
  if (lexicals.length === 0 && !takesFunctions) return [];
  const accessors = lexicals.map((name) => `get ${name}(){return ${name}},set ${name}($){${name}=$}`);
  const taken = takesFunctions ? functions.join(',') : '';
  const text = `;let ${VM_DECLARE}Done=${VM_DECLARE}({${accessors.join(',')}},()=>[${taken}]);`;
  return [insertion(endOfDirectives(program.body, program.start), text)];
}
