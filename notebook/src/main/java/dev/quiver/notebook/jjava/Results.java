package dev.quiver.notebook.jjava;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Results of expressions, for which JShell makes variables such as `$7`. Nobody sees their names
/// in a notebook, and they would hold their tables for good.
final class Results {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    private static final Pattern NAME = Pattern.compile("\\$\\d+");

    private final ClassLoader loader;
    private final List<String> classes = new ArrayList<>();

    Results(ClassLoader loader) {
        this.loader = loader;
    }

    /// Notes a snippet's class.
    void add(String className) {
        classes.add(className);
    }

    /// Empties the variables of all snippets that were noted.
    void forget() {
        for (String name : classes) {
            try {
                for (Field field : Class.forName(name, false, loader).getDeclaredFields())
                    if (NAME.matcher(field.getName()).matches()
                            && Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        field.set(null, null);
                    }
            } catch (ReflectiveOperationException | LinkageError e) {
                LOG.debug("the results of {} stay", name, e);
            }
        }
        classes.clear();
    }
}
