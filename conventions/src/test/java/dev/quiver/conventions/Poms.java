package dev.quiver.conventions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the poms say about modules and their dependencies.
final class Poms {
    private Poms() {}

    /// The modules in the order of the root pom.
    static List<String> modules(Path root) {
        return texts(root.resolve("pom.xml"), "/project/modules/module/text()");
    }

    /// The modules of Quiver that a module needs to compile and run, tests apart.
    static List<String> dependencies(Path root, String module) {
        return texts(
                        root.resolve(module).resolve("pom.xml"),
                        "/project/dependencies/dependency[groupId='dev.quiver'][not(scope='test')]/artifactId/text()")
                .stream()
                .map(artifact -> artifact.replaceFirst("^quiver-", ""))
                .toList();
    }

    private static List<String> texts(Path pom, String path) {
        try {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
            var found =
                    (NodeList)
                            XPathFactory.newInstance()
                                    .newXPath()
                                    .evaluate(path, document, XPathConstants.NODESET);
            var texts = new ArrayList<String>();
            for (int i = 0; i < found.getLength(); i++) {
                texts.add(found.item(i).getNodeValue().strip());
            }
            return texts;
        } catch (IOException
                | SAXException
                | ParserConfigurationException
                | XPathExpressionException e) {
            throw new IllegalStateException("reading " + pom, e);
        }
    }
}
