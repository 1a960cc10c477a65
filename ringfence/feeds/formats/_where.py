"""The columns by which departments say where something lies: degrees, WGS 84."""

from ringfence.feeds.declarations import Column, Kind

LONGITUDE = Column(name="longitude", kind=Kind.DECIMAL, at_least=-180, at_most=180)
LATITUDE = Column(name="latitude", kind=Kind.DECIMAL, at_least=-90, at_most=90)
