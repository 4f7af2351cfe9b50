package dev.quiver.io.xml;

import com.ctc.wstx.api.WstxInputProperties;
import java.util.ServiceLoader;
import javax.xml.stream.XMLInputFactory;

/// Makes parsers that read no document type definitions, so that no entity leads out of a file or
/// grows, and that keep to limits.
public final class Woodstox {
    private static final int DEPTH_MAX = 200;

    private Woodstox() {}

    /// @param textBytesMax a longer text or attribute is an error
    public static XMLInputFactory factory(int textBytesMax) {
        XMLInputFactory factory = found();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, DEPTH_MAX);
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, (long) textBytesMax);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, textBytesMax);
        return factory;
    }

    /// Woodstox, whatever other parsers are on the class path. Not named by its class, whose
    /// annotations are of a jar that nobody has.
    private static XMLInputFactory found() {
        return ServiceLoader.load(XMLInputFactory.class, Woodstox.class.getClassLoader()).stream()
                .filter(found -> found.type().getName().startsWith("com.ctc.wstx."))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("woodstox-core is no jar of this"))
                .get();
    }
}
