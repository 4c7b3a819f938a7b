<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes a list to read of a bill of materials: a line for each part, in its order. -->
<xsl:stylesheet version="1.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:bom="http://cyclonedx.org/schema/bom/1.6">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/bom:bom">
    <xsl:text>The software that this jar is made of, each part with its licences. Of several licences, choose one.
The texts are in META-INF/licenses: under the name of the part, with its notices, or under the name of the licence.
META-INF/sbom/bom.json has more, for programs.

</xsl:text>
    <xsl:apply-templates select="bom:components/bom:component"/>
  </xsl:template>

  <xsl:template match="bom:component">
    <xsl:value-of select="concat(bom:group, ':', bom:name, ':', bom:version, ' - ')"/>
    <xsl:for-each select="bom:licenses/bom:expression | bom:licenses/bom:license">
      <xsl:if test="position() != 1">, </xsl:if>
      <xsl:value-of select="self::bom:expression | bom:id | bom:name"/>
    </xsl:for-each>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
