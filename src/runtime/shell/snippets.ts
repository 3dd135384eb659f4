/** Scripts whose output, errors, exit code and files must be those of dash with GNU's utilities. One line a case. */
export const snippets: readonly string[] = String.raw`
echo hi
echo a   b "c  d" 'e  f' g\ h
echo -n hi; echo
echo "a\nb"
echo $HOME ~ ~/x "~"
X=5; echo $X "$X" '$X' \$X $((X+1)) $((X*2-3))
X='a  b'; echo $X; echo "$X"
A=1 B=2; echo $A$B ${"$"}{A}x
A=b env | grep ^A=
X=1; X=2 true; echo $X
echo ${"$"}{X:-def} ${"$"}{X-def} ${"$"}{X:=set} $X ${"$"}{X:+alt} ${"$"}{#X}
X=; echo "${"$"}{X:-def}" "${"$"}{X-def}" "${"$"}{X+set}"
F=/a/b/c.tar.gz; echo ${"$"}{F##*/} ${"$"}{F#*/} ${"$"}{F%.*} ${"$"}{F%%.*} ${"$"}{F%/*}
echo ${"$"}{X:-"a b"} "${"$"}{X:-a b}"
for i in ${"$"}{X:-a b}; do echo "[$i]"; done
echo ${"$"}{X:?}
echo ${"$"}{X?no x}; echo after
echo $(echo sub; echo two) "$(echo sub; echo two)"
echo ${"`"}echo back${"`"}
echo "$(printf 'x\n\n\n')y"
X=$(false); echo $?
X=$(exit 3) ; echo $?
echo $((1+2*3)) $(((1+2)*3)) $((7/2)) $((7%3)) $((2<<3)) $((1<2)) $((1&&0)) $((!1)) $((1?5:6))
X=3; echo $((X+=2)) $X; echo $((X==5))
echo $((0x10)) $((010))
echo $((1/0)); echo no
echo *
echo *.js d/* d/*/*.ts
echo .*t [fg] [!f] ?
echo "*" \* nomatch*
true && echo yes || echo no
false && echo yes || echo no
false || false || echo three
! true; echo $?
! false; echo $?
true; echo $?; false; echo $?
echo a | cat | tr a-z A-Z
printf 'a\nb\n' | while read x; do echo "<$x>"; done
echo x | (read y; echo $y); echo $y
yes | head -3
yes | head -1; echo $?
cat f | sort | uniq -c
false | true; echo $?
true | false; echo $?
exit 3
(exit 4); echo $?
sh -c 'exit 5'; echo $?
nosuch; echo $?
nosuch a b
./nosuch; echo $?
/tmp; echo $?
./f; echo $?
echo hi > out; cat out; echo more >> out; cat out
cat < f > out2; cat out2
cat < nofile; echo $?
echo x > nodir/f; echo $?
ls nofile 2> err; cat err
ls nofile 2>&1 | cat
ls nofile > both 2>&1; cat both
echo err >&2
echo a 1>&2 2>/dev/null
{ echo a; echo b; } > grp; cat grp
( echo a; echo b ) | wc -l
(cd d; pwd | sed 's,.*/,,'); echo *
cd d && ls; cd ..; ls
cd nodir; echo $?
cd d; cd -; pwd
cat <<EOF
cat <<EOF|X=1
exec 3> three; echo hi >&3; exec 3>&-; cat three
exec 4< f; read a <&4; read b <&4; echo "$a,$b"
if true; then echo t; else echo f; fi
if false; then echo t; elif true; then echo e; else echo f; fi
if [ -f f ]; then echo file; fi
for i in 1 2 3; do echo $i; done
for i in *; do echo "<$i>"; done
for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done
for i in 1 2 3; do [ $i = 2 ] && break; echo $i; done
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
i=0; until [ $i -ge 2 ]; do i=$((i+1)); echo $i; done
for i in a b; do for j in 1 2; do [ $j = 2 ] && continue 2; echo $i$j; done; done
case abc in a*) echo A;; *) echo other;; esac
case x in a|x) echo ax;; esac
case "a b" in "a b") echo q;; esac
case foo in b*) ;; [ef]*) echo ef;; esac
f() { echo "f $1 $#"; return 3; }; f a b; echo $?
f() { local x=1; x=2; echo $x; }; x=0; f; echo $x
f() { x=1; }; f; echo $x
f() { echo $@; }; f 1 "2 3"
f() { for a in "$@"; do echo "<$a>"; done; }; f 1 "2 3" ''
f() { for a in "$*"; do echo "<$a>"; done; }; f 1 "2 3"
set -- a "b c" d; echo $# $1 "$2" $3; shift; echo $1; for x; do echo $x; done
set -- ; echo "$@" $#
set -e; false; echo no
set -e; if false; then :; fi; false || true; echo yes
set -e; (false); echo no
set -e; true && false; echo yes
set -e; f() { false; echo in; }; f || echo or
set -u; echo $UNSET; echo no
set -x; echo "a b" c; X=1
set -ex; false; echo no
export X=1; sh -c 'echo $X'
X=1; sh -c 'echo [$X]'
export X="a b" Y=c; sh -c 'echo "$X" $Y'
unset HOME; echo "[$HOME]"
readonly R=1; R=2; echo no
eval 'echo a; echo b'
eval "X=1; echo \$X"
echo 'echo sourced $X; Y=2' > s; X=1; . ./s; echo $Y
. ./nofile; echo no
exec echo replaced; echo no
trap 'echo bye' EXIT; echo hi
trap 'echo bye' EXIT; exit 3
(trap 'echo sub' EXIT; echo in); echo out
wait; echo $?
sleep 0.01 & wait $!; echo $?
(exit 7) & wait $!; echo $?
command -v cd; command -v ls; command -v nosuch; echo $?
type cd nosuch
umask
read a b; echo "$a|$b"; cat
read -r line; echo "$line"
echo 'a:b:c' | { IFS=: read x y; echo "$x $y"; }
printf 'a\\b c\n' | { read x; echo "$x"; }
echo 'x y  ' | { read a; echo "[$a]"; }
IFS=,; X=a,b,c; for i in $X; do echo $i; done
IFS=:; X=a::b; set -- $X; echo $#
echo $0 $#
sh -c 'echo $0 $1 $#' name a b
echo 'echo script $1' > s.sh; sh s.sh arg; sh -e s.sh
echo 'echo from stdin' | sh
sh nofile; echo $?
printf 'echo a\nnosuch x\nfi\n' > t.sh; sh t.sh; echo $?
fi
echo a; fi
if
if true; then
for x in; do
( a
a && && b
foo)
;;
echo "abc
echo $(
a ||
a | | b
test 1 -eq 1; echo $?
test a = b; echo $?
[ -d d ] && echo dir
[ -e nofile ] || echo none
[ -z "" ] && [ -n x ] && echo ok
[ 1 -lt 2 -a 2 -lt 3 ] && echo and
[ 1 -gt 2 -o 2 -lt 3 ] && echo or
[ ! -f nofile ] && echo not
[ \( a = a \) ] && echo paren
[ 1; echo $?
test 1 -eq a; echo $?
test a b; echo $?
[ -s f ] && [ ! -s .dot ] && echo sizes
printf '%s-%d|%5s|%-5s|%05d|%x\n' a 3 b c 42 255
printf '%s\n' a b c
printf 'no newline'
printf '%b' 'a\tb\n'
printf '%%|%c|%.2f\n' abc 3.14159
printf '%d\n' abc; echo $?
seq 3 2>/dev/null | head -2
ls
ls -a
ls -1 d
ls -R d
ls -d d
ls d f nofile; echo $?
ls -A
ls -F | head -2
cat f g
cat -n f
cat nofile f; echo $?
cat d; echo $?
cat - < f
echo x | cat f -
mkdir m; mkdir m; echo $?
mkdir -p m/n/o; ls m; mkdir p/q; echo $?
mkdir; echo $?
rm f; ls; rm nofile; echo $?
rm d; echo $?
rm -rf d nofile; ls
rm -r d; ls
rm; echo $?
cp f f2; cat f2
cp f d; ls d
cp -r d e; ls -R e
cp d e; echo $?
cp nofile x; echo $?
cp f; echo $?
mv f ff; ls
mv f d/; ls d
mv nofile x; echo $?
touch t1 t2; ls t1 t2
touch nodir/x; echo $?
ln -s f l; cat l; ls -F l
rmdir d; echo $?
chmod +x f; [ -x f ] && echo x
grep a f
grep -n a f
grep -c a f
grep -v a f
grep -i A f
grep -r x d
grep -rn x .
grep -l a f g
grep -L a f g
grep -o '[0-9]*' f
grep -w a f
grep -q a f; echo $?
grep nosuch f; echo $?
grep a nofile; echo $?
grep -E 'a|b' f
grep 'a\|b' f
grep -F . f; echo $?
grep -E '^(a|c) [0-9]+$' f
grep -A1 a f
grep -B1 c f
grep -C1 two g
grep -m1 a f
grep -r --include='*.js' . d
grep -e a -e b f
grep -x two g
grep -h a f g; grep -H two g
grep '[[:digit:]]' f
grep -E 'o{1,2}|e{2}' g
grep -n '' g
find . | sort
find d -name '*.js'
find . -type f | sort
find . -maxdepth 1 -type d | sort
find . -not -name '*.js' -type f | sort
find d -name '*.ts' -exec echo {} \;
find d -type f -exec cat {} +
find . -path './d/*' | sort
find . -name x.js -delete; ls d
find nofile; echo $?
find . -name '*.js' -o -name '*.ts' | sort
find . -name sub -prune -o -type f -print | sort
find . ! -path './.hid*' -type f | sort
head -2 f
head -n1 f
tail -1 f
tail -n 2 f
tail -n +2 f
head -c 3 f
tail -c 3 f
head f g
head nofile; echo $?
head -n -1 f
wc f
wc -l f
wc -l < f
wc f g
echo hi | wc
wc -w -c f
wc nofile; echo $?
sort f
sort -r f
sort -u f
sort -n -k2 f
sort -k2,2n -k1,1r f
sort -t' ' -k2 -n -r f
sort nofile; echo $?
printf '10\n9\n2\n' | sort -n
printf 'b\nB\na\n' | sort -f
sed 's/a/X/' f
sed -n 2p f
sed 2d f
sed '$d' f
sed -e 's/a/1/' -e 's/b/2/' f
sed -n '/a/p' f
sed '/b/,/c/d' f
sed 's/\([a-z]\) \([0-9]*\)/\2 \1/' f
sed -E 's/([a-z]) ([0-9]+)/\2-\1/g' f
sed -i 's/a/Z/g' f; cat f
sed 's,/,|,g' f
sed 's/o/0/2' g; sed 's/e/E/g' g
sed -n '1,2p' f; sed '1!d' f
sed 's/[0-9]/<&>/g' f
sed 'a\after' g
sed '1i\before' g
sed '/two/c\changed' g
sed -n '$=' f
sed y/abc/ABC/ f
sed q f; sed 2q f
sed 's/a/b' f; echo $?
sed -n '/one/,/two/{s/o/0/;p}' g
sed G g | head -4
sed -n 'H;${x;s/\n/,/g;p}' g
sed ':a;N;$!ba;s/\n/ /g' g
sed 's/x/y/' nofile; echo $?
sed = g | head -2
sed 's/TWO/2/I' g
sed 's/.*/U&/' g
basename /a/b.c .c; dirname /a/b.c; basename x/; dirname x
env -i A=1 env
env A=1 sh -c 'echo $A'
env nosuch; echo $?
which ls; which nosuch; echo $?
pwd | sed 's,.*,ok,'
true; false; echo $?
sleep 0; echo $?
sleep x; echo $?
echo a >&3; echo $?
{ echo out; echo err >&2; } 2>&1 | sort
echo one; echo two >&2; echo three
: > empty; cat empty; echo $?
X="$(cat f)"; echo "$X" | head -1
echo "a'b" 'c"d'
echo a#b # comment
echo $$ > pid; [ -s pid ] && echo pid
while read l; do echo "l:$l"; done < f
while true; do echo y; done | head -2
cat f | while read a b; do [ "$a" = c ] && echo "$b"; done
n=0; for f in *; do n=$((n+1)); done; echo $n
echo {a,b} {1..3}
echo [x y
x() { y; }; y() { echo deep; }; x
a=1; (a=2; echo $a); echo $a
echo "$(cd d && ls)"; ls -d d
echo "${"$"}(echo "nested $(echo "deep")")"
[ "$(printf 'a\nb')" = "a
`
  .split('\n')
  .filter((line) => line !== '' && line !== 'cat <<EOF' && !line.startsWith('cat <<EOF|') && !line.startsWith('[ "$(printf'))
  .concat([
    'X=1\ncat <<EOF\nv $X $(echo s) \\$X\nEOF\ncat <<"EOF"\nraw $X\nEOF\ncat <<-EOF\n\ttab\n\tEOF\n',
    'cat <<A; cat <<B\na\nA\nb\nB\n',
    'echo a\nnosuch\necho b\n',
    'if true\nthen\n  echo multi\nfi\n',
    'echo "multi\nline"',
    'echo a \\\n  b',
    'echo ok\nif then\n',
    'false\necho $?\n# comment\n\nexit 2\n',
  ]);
