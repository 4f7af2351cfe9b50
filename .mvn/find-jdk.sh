# Finds a JDK for ./mvnw and ./quiver; both read this file (POSIX sh, no other tools than uname, sed and readlink).
#
#   quiver_find_jdk    sets QUIVER_JDK to the home of a full JDK 25 or newer and returns 0,
#                      or says on standard error what it found and how to get one, and returns 2
#
# QUIVER_JAVA_HOME, JAVA_HOME and the `java` on PATH are taken in this order when they are good enough;
# else the newest of the usual places. QUIVER_JAVA_SEARCH replaces the usual places: directories separated
# by ':', each the home of a JDK or a directory of such homes.

quiver_jdk_version_min=25

# Sets jdk_version (25.0.3) and jdk_problem (empty when the home is good) for the home $1.
quiver_jdk_look() {
  jdk_version='' jdk_problem='' jdk_modules=''
  if [ -r "$1/release" ]; then
    jdk_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$1/release")
    jdk_modules=$(sed -n 's/^MODULES="\(.*\)"$/ \1 /p' "$1/release")
  fi
  if [ -z "$jdk_version" ] && [ -x "$1/bin/java" ]; then
    jdk_version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 </dev/null |
      sed -n 's/^ *java\.version = //p')
  fi
  jdk_feature=${jdk_version%%[!0-9]*}
  if [ -z "$jdk_feature" ]; then
    jdk_problem='no version to be found'
  elif [ "$jdk_feature" -lt "$quiver_jdk_version_min" ]; then
    jdk_problem='too old'
  elif [ ! -x "$1/bin/java" ]; then
    jdk_problem='no bin/java'
  elif [ ! -x "$1/bin/javac" ]; then
    jdk_problem='no bin/javac: not a full JDK'
  elif [ -n "$jdk_modules" ]; then
    case $jdk_modules in
      *' jdk.jshell '*) ;;
      *) jdk_problem='no module jdk.jshell: not a full JDK' ;;
    esac
  elif [ ! -x "$1/bin/jshell" ]; then
    jdk_problem='no bin/jshell: not a full JDK'
  fi
  if [ -n "$jdk_problem" ] && [ -n "$jdk_version" ]; then
    jdk_unfit="$jdk_unfit
  found: $jdk_version in $1 ($jdk_problem)"
  fi
  [ -z "$jdk_problem" ]
}

# Succeeds when version $1 is newer than version $2 (digits separated by dots).
quiver_jdk_newer() {
  jdk_left=$1. jdk_right=$2.
  while [ -n "$jdk_left" ] || [ -n "$jdk_right" ]; do
    jdk_l=${jdk_left%%.*} jdk_r=${jdk_right%%.*}
    jdk_left=${jdk_left#*.} jdk_right=${jdk_right#*.}
    jdk_l=${jdk_l%%[!0-9]*} jdk_r=${jdk_r%%[!0-9]*}
    [ "${jdk_l:-0}" -eq "${jdk_r:-0}" ] || { [ "${jdk_l:-0}" -gt "${jdk_r:-0}" ]; return; }
  done
  return 1
}

# Prints the home that the `java` on PATH belongs to; nothing where there is none.
quiver_jdk_on_path() {
  jdk_java=$(command -v java 2>/dev/null) || return 0
  # On macOS /usr/bin/java is a stub that opens a window.
  [ "$jdk_java" != /usr/bin/java ] || [ "$(uname -s)" != Darwin ] || return 0
  jdk_link=$(readlink -f "$jdk_java" 2>/dev/null) && jdk_java=$jdk_link
  jdk_home=${jdk_java%/bin/java}
  if [ ! -r "$jdk_home/release" ]; then # a shim: ask it
    jdk_home=$("$jdk_java" -XshowSettings:properties -version 2>&1 </dev/null | sed -n 's/^ *java\.home = //p')
  fi
  printf '%s\n' "$jdk_home"
}

# Takes each JDK among the homes $@ that is newer than the best until now.
quiver_jdk_consider() {
  for jdk_home in "$@"; do
    [ ! -d "$jdk_home/Contents/Home" ] || jdk_home=$jdk_home/Contents/Home
    [ -x "$jdk_home/bin/java" ] || continue
    [ ! -L "$jdk_home" ] || jdk_home=$(readlink -f "$jdk_home" 2>/dev/null || printf '%s\n' "$jdk_home")
    case "$jdk_seen" in *":$jdk_home:"*) continue ;; esac
    jdk_seen="$jdk_seen$jdk_home:"
    quiver_jdk_look "$jdk_home" || continue
    if [ -z "$QUIVER_JDK" ] || quiver_jdk_newer "$jdk_version" "$jdk_best"; then
      QUIVER_JDK=$jdk_home jdk_best=$jdk_version
    fi
  done
}

quiver_find_jdk() {
  QUIVER_JDK='' jdk_unfit='' jdk_best='' jdk_seen=:
  case "$(uname -s)" in
    Linux | Darwin) ;;
    *)
      printf '%s\n' "Quiver runs on Linux (macOS and WSL are intended, but untested), not on $(uname -s)   (UNSUPPORTED)" \
        '  fix: use a Linux machine, a container or WSL' >&2
      return 2
      ;;
  esac
  for jdk_home in "${QUIVER_JAVA_HOME-}" "${JAVA_HOME-}" "$(quiver_jdk_on_path)"; do
    [ -n "$jdk_home" ] || continue
    quiver_jdk_consider "$jdk_home"
    [ -z "$QUIVER_JDK" ] || return 0
  done
  case $- in *f*) jdk_noglob=yes ;; *) jdk_noglob=no ;; esac
  set +f
  if [ -n "${QUIVER_JAVA_SEARCH+set}" ]; then
    jdk_rest=${QUIVER_JAVA_SEARCH}:
    while [ -n "$jdk_rest" ]; do
      jdk_place=${jdk_rest%%:*} jdk_rest=${jdk_rest#*:}
      [ -n "$jdk_place" ] || continue
      quiver_jdk_consider "$jdk_place" "$jdk_place"/*
    done
  else
    quiver_jdk_consider /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java* /usr/local/openjdk* /usr/local/jdk* \
      /opt/java* /opt/jdk* /opt/jvm/* /opt/*jdk* /opt/java/* /snap/openjdk/current/jdk \
      "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
      "${HOME-}"/.local/share/mise/installs/java/* "${HOME-}"/.jabba/jdk/* "${HOME-}"/.gradle/jdks/* \
      /Library/Java/JavaVirtualMachines/* "${HOME-}"/Library/Java/JavaVirtualMachines/* \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk /usr/local/opt/openjdk*/libexec/openjdk.jdk \
      /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec
  fi
  [ "$jdk_noglob" = no ] || set -f
  [ -z "$QUIVER_JDK" ] || return 0
  printf '%s\n' "no JDK $quiver_jdk_version_min or newer found   (JDK_NOT_FOUND)${jdk_unfit:-
  found: no java at all}
  looked: QUIVER_JAVA_HOME, JAVA_HOME, PATH and ${QUIVER_JAVA_SEARCH-the usual places such as /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks}" \
    "  fix: install a full JDK $quiver_jdk_version_min (https://adoptium.net, or the package openjdk-$quiver_jdk_version_min-jdk), or set QUIVER_JAVA_HOME to one" >&2
  return 2
}
