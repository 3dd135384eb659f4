/** Options of bash's `shopt`. */

/** All of them, as `shopt` lists them. */
export const SHOPTS: readonly string[] =
  'autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo'.split(
    ' ',
  );

/** Those that are on when a script begins. */
export const INITIAL_SHOPTS: readonly string[] =
  'checkwinsize cmdhist complete_fullquote extquote force_fignore globasciiranges globskipdots hostcomplete interactive_comments patsub_replacement progcomp promptvars sourcepath'.split(
    ' ',
  );

/** What `set -o` knows besides the options that have an effect here. */
export const ALWAYS_ON: readonly string[] = ['braceexpand', 'hashall', 'interactive-comments'];
