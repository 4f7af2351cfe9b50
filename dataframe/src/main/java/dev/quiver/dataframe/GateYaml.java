package dev.quiver.dataframe;

import dev.quiver.dataframe.Clause.NamedClause;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.ExpressionParser;
import dev.quiver.expression.ExpressionPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Gates as YAML files.
final class GateYaml {
    private static final List<String> TOP =
            List.of("quarantine", "atMostRows", "atMostShare", "personal", "mask", "hash", "rules");
    private static final List<String> WORDS =
            List.of(
                    "type",
                    "notNull",
                    "range",
                    "length",
                    "matches",
                    "oneOf",
                    "unique",
                    "foreignKey",
                    "check",
                    "fresh");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final List<String> NOT_PLAIN =
            List.of("true", "false", "null", "yes", "no", "on", "off");

    private final Path file;

    private GateYaml(Path file) {
        this.file = file;
    }

    static Gate read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "no file '%s'".formatted(file),
                    List.of(),
                    "check the path; quiver profile FILE proposes a gate to begin with",
                    e);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't read '%s': %s".formatted(file, e),
                    List.of(),
                    "check its permissions, and that it is UTF-8",
                    e);
        }
        return new GateYaml(file).gate(text);
    }

    private Gate gate(String text) {
        Object tree;
        try {
            tree =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build())
                            .loadFromString(text);
        } catch (YamlEngineException e) {
            throw wrong("it isn't YAML: " + e.getMessage(), "mend it where the message says");
        }
        Map<String, Object> top = map(tree, "the file");
        known(top, TOP, "the file");
        Gate gate = Gate.rules();
        for (Object rule : list(top.getOrDefault("rules", List.of()), "rules"))
            gate = rule(gate, map(rule, "a rule"));
        gate = gate.with(privacy(top));
        if (top.containsKey("quarantine"))
            gate = gate.quarantine(text(top, "quarantine", "the file"));
        if (top.containsKey("atMostRows"))
            gate = gate.atMostRows(whole(top, "atMostRows", "the file"));
        if (top.containsKey("atMostShare")) {
            if (!(top.get("atMostShare") instanceof Number share))
                throw wrong("atMostShare isn't a number", "write one from 0 to 1");
            gate = gate.atMostShare(share.doubleValue());
        }
        return gate;
    }

    private Privacy privacy(Map<String, Object> top) {
        Privacy privacy = Privacy.NONE;
        for (String column : columns(top, "personal"))
            privacy = privacy.with(column, new Privacy.Clear());
        if (top.get("mask") instanceof Map<?, ?>) {
            Map<String, Object> shown = map(top.get("mask"), "mask");
            for (String column : shown.keySet()) {
                long count = whole(shown, column, "mask");
                if (count < 0 || count > Integer.MAX_VALUE)
                    throw wrong(
                            "mask: '%s' shows %d letters".formatted(column, count),
                            "say 0 or more");
                privacy = privacy.with(column, new Privacy.Masked((int) count));
            }
        } else {
            for (String column : columns(top, "mask"))
                privacy = privacy.with(column, new Privacy.Masked(0));
        }
        if (!top.containsKey("hash")) return privacy;
        Map<String, Object> hash = map(top.get("hash"), "hash");
        known(hash, List.of("columns", "keyFile"), "hash");
        var shield = new Privacy.Hashed(HashKey.file(Path.of(text(hash, "keyFile", "hash"))));
        for (String column : columns(hash, "columns")) privacy = privacy.with(column, shield);
        return privacy;
    }

    /// The columns that stand behind a word: one, or a list; none without the word.
    private List<String> columns(Map<String, Object> map, String word) {
        Object said = map.getOrDefault(word, List.of());
        List<?> several = said instanceof List<?> list ? list : List.of(said);
        return several.stream().map(column -> plain(column, word)).toList();
    }

    private Gate rule(Gate gate, Map<String, Object> rule) {
        var words = new ArrayList<>(rule.keySet());
        words.remove("named");
        if (words.size() != 1)
            throw wrong(
                    "a rule with %s"
                            .formatted(
                                    words.isEmpty() ? "nothing to check" : "two words: " + words),
                    "write one word a rule, such as '- notNull: dep_time', and its name as"
                            + " 'named:'");
        String word = words.getFirst();
        known(rule, plus(WORDS, "named"), "a rule");
        Gate longer = gate.with(clause(word, rule.get(word)));
        return rule.containsKey("named") ? longer.named(text(rule, "named", word)) : longer;
    }

    private Clause clause(String word, @Nullable Object value) {
        if (word.equals("notNull")) return new Clause.NotNull(plain(value, word));
        if (word.equals("check"))
            return new Clause.Check(ExpressionParser.parse(plain(value, word)));
        if (word.equals("unique")) {
            List<?> columns =
                    value instanceof List<?> several ? several : List.of(plain(value, word));
            return new Clause.Unique(columns.stream().map(c -> plain(c, word)).toList());
        }
        Map<String, Object> of = map(value, word);
        String column = text(of, "column", word);
        return switch (word) {
            case "type" -> {
                known(of, List.of("column", "type"), word);
                yield new Clause.Type(
                        column, dev.quiver.schema.DataTypeParser.parse(text(of, "type", word)));
            }
            case "range" -> {
                known(of, List.of("column", "min", "max"), word);
                Optional<Object> min = Optional.ofNullable(of.get("min"));
                Optional<Object> max = Optional.ofNullable(of.get("max"));
                if (min.isEmpty() && max.isEmpty())
                    throw wrong("a range without min and max", "say one of them");
                yield new Clause.Range(column, min, max);
            }
            case "length" -> {
                known(of, List.of("column", "min", "max"), word);
                yield new Clause.Length(column, whole(of, "min", word), whole(of, "max", word));
            }
            case "matches" -> {
                known(of, List.of("column", "regex"), word);
                yield new Clause.Matches(column, text(of, "regex", word));
            }
            case "oneOf" -> {
                known(of, List.of("column", "values"), word);
                yield new Clause.OneOf(column, new ArrayList<Object>(list(of.get("values"), word)));
            }
            case "foreignKey" -> {
                known(of, List.of("column", "file", "of"), word);
                yield new Clause.ForeignKey(
                        column, Optional.empty(), text(of, "file", word), text(of, "of", word));
            }
            case "fresh" -> {
                known(of, List.of("column", "within"), word);
                yield new Clause.Fresh(column, duration(text(of, "within", word)));
            }
            default -> throw new IllegalStateException(word);
        };
    }

    private Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw wrong("'%s' isn't a duration".formatted(text), "write it as P1D or PT6H");
        }
    }

    private static List<String> plus(List<String> words, String more) {
        var all = new ArrayList<>(words);
        all.add(more);
        return all;
    }

    private void known(Map<String, Object> map, List<String> words, String place) {
        for (String key : map.keySet()) {
            if (words.contains(key)) continue;
            throw wrong(
                    "no word '%s' in %s".formatted(key, place),
                    NearestName.of(key, words).map("did you mean '%s'? "::formatted).orElse("")
                            + "it has: "
                            + String.join(", ", words));
        }
    }

    private Map<String, Object> map(@Nullable Object tree, String place) {
        if (!(tree instanceof Map<?, ?> map))
            throw wrong(
                    "%s isn't made of 'word: value'".formatted(place),
                    "see the guide's page on gates for the form");
        var named = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            if (value == null)
                throw wrong("'%s' has no value".formatted(key), "write one, or remove the line");
            named.put(String.valueOf(key), value);
        });
        return named;
    }

    private List<?> list(@Nullable Object tree, String place) {
        if (tree instanceof List<?> list) return list;
        throw wrong(
                "%s isn't a list".formatted(place), "write [a, b] or lines that begin with '- '");
    }

    private String text(Map<String, Object> map, String key, String place) {
        Object value = map.get(key);
        if (value == null)
            throw wrong("%s without '%s'".formatted(place, key), "add '%s: …'".formatted(key));
        return plain(value, key);
    }

    private String plain(@Nullable Object value, String place) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean)
            return value.toString();
        throw wrong("%s isn't a text".formatted(place), "write one value behind it");
    }

    private long whole(Map<String, Object> map, String key, String place) {
        if (map.get(key) instanceof Integer number) return number;
        if (map.get(key) instanceof Long number) return number;
        throw wrong("%s: '%s' isn't a whole number".formatted(place, key), "write one");
    }

    private QuiverException wrong(String what, String fix) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID, "the gate: " + what, List.of("file: " + file), fix);
    }

    static String text(Gate gate) {
        var text = new StringBuilder();
        gate.quarantinePath()
                .ifPresent(path -> text.append("quarantine: ").append(quoted(path)).append('\n'));
        if (gate.limits().rowsMax() != Long.MAX_VALUE)
            text.append("atMostRows: ").append(gate.limits().rowsMax()).append('\n');
        if (gate.limits().shareMax() != 1)
            text.append("atMostShare: ").append(gate.limits().shareMax()).append('\n');
        text.append(privacy(gate.privacy()));
        text.append(gate.clauses().isEmpty() ? "rules: []\n" : "rules:\n");
        for (NamedClause named : gate.clauses()) {
            String word = named.clause().word();
            text.append("  - ")
                    .append(word)
                    .append(": ")
                    .append(value(named.clause()))
                    .append('\n');
            if (!named.name().equals(word))
                text.append("    named: ").append(quoted(named.name())).append('\n');
        }
        return text.toString();
    }

    private static String privacy(Privacy privacy) {
        var clear = new ArrayList<String>();
        var masked = new ArrayList<Object>();
        var hashed = new ArrayList<String>();
        var files = new LinkedHashSet<String>();
        privacy.columns()
                .forEach((column, shield) -> {
                    switch (shield) {
                        case Privacy.Clear _ -> clear.add(column);
                        case Privacy.Masked(int shown) -> {
                            masked.add(column);
                            masked.add(shown);
                        }
                        case Privacy.Hashed(var key) -> {
                            hashed.add(column);
                            files.add(keyFile(key));
                        }
                    }
                });
        if (files.size() > 1) throw java("more than one key of hashes", "use one key in a gate");
        var text = new StringBuilder();
        if (!clear.isEmpty()) text.append("personal: ").append(brackets(clear)).append('\n');
        if (!masked.isEmpty()) text.append("mask: ").append(braces(masked.toArray())).append('\n');
        for (String file : files)
            text.append(
                    "hash: {columns: %s, keyFile: %s}\n".formatted(brackets(hashed), quoted(file)));
        return text.toString();
    }

    private static String keyFile(HashKey key) {
        return key.path()
                .map(Path::toString)
                .orElseThrow(
                        () -> java("a key of hashes", "keep it in a file: HashKey.file(path)"));
    }

    private static String value(Clause clause) {
        return switch (clause) {
            case Clause.Type(var column, var type) ->
                    braces("column", column, "type", type.toString());
            case Clause.NotNull(var column) -> quoted(column);
            case Clause.Range(var column, var min, var max) ->
                    "{column: "
                            + quoted(column)
                            + min.map(v -> ", min: " + quoted(v)).orElse("")
                            + max.map(v -> ", max: " + quoted(v)).orElse("")
                            + "}";
            case Clause.Length(var column, var min, var max) ->
                    braces("column", column, "min", min, "max", max);
            case Clause.Matches(var column, var regex) -> braces("column", column, "regex", regex);
            case Clause.OneOf(var column, var values) ->
                    "{column: %s, values: %s}".formatted(quoted(column), brackets(values));
            case Clause.Unique(var columns) ->
                    columns.size() == 1 ? quoted(columns.getFirst()) : brackets(columns);
            case Clause.ForeignKey(var column, var frame, var path, var of) -> {
                if (frame.isPresent())
                    throw java("a foreign key to a frame", "name its file instead");
                yield braces("column", column, "file", path, "of", of);
            }
            case Clause.Check(var condition) -> quoted(ExpressionPrinter.print(condition));
            case Clause.Agrees _ ->
                    throw java("a function", "say it as a condition: check(\"…\", expr(\"…\"))");
            case Clause.Fresh(var column, var within) ->
                    braces("column", column, "within", within.toString());
        };
    }

    private static QuiverException java(String what, String fix) {
        return Gate.invalid("%s can't be written as YAML".formatted(what), fix);
    }

    private static String braces(Object... keysAndValues) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < keysAndValues.length; i += 2)
            parts.add(quoted(keysAndValues[i]) + ": " + quoted(keysAndValues[i + 1]));
        return "{" + String.join(", ", parts) + "}";
    }

    private static String brackets(List<?> values) {
        return "[" + String.join(", ", values.stream().map(GateYaml::quoted).toList()) + "]";
    }

    /// A scalar that is read back as the same value; what YAML has no word for becomes a text.
    private static String quoted(Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Boolean)
            return value.toString();
        if (value instanceof Double number && Double.isFinite(number)) return number.toString();
        String text = value.toString();
        if (PLAIN.matcher(text).matches()
                && !NOT_PLAIN.contains(text.toLowerCase(java.util.Locale.ROOT))) return text;
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') quoted.append('\\').append(letter);
            else if (letter < 0x20 || letter == 0x7F)
                quoted.append("\\u%04X".formatted((int) letter));
            else quoted.append(letter);
        }
        return quoted.append('"').toString();
    }
}
