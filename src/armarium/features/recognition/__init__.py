"""Recognition: from a photo to identified drafts, and the inbox where a person decides the rest.

Public face: `ScanService`, `IdentificationService`, `ReviewService`, `CutService` and the events.
"""

from armarium.features.recognition.events import AnalysisComplete, ReviewChanged, ScanProgressed
from armarium.features.recognition.models import ProcessPhoto, ReadDetections
from armarium.features.recognition.service.cuts import CutService
from armarium.features.recognition.service.identification import IdentificationService
from armarium.features.recognition.service.pipeline import PhotoPipeline
from armarium.features.recognition.service.review import ReviewService
from armarium.features.recognition.service.scans import ScanService, Upload
from armarium.features.recognition.store import OWNED, picture_uses

__all__ = [
    "OWNED",
    "AnalysisComplete",
    "CutService",
    "IdentificationService",
    "PhotoPipeline",
    "ProcessPhoto",
    "ReadDetections",
    "ReviewChanged",
    "ReviewService",
    "ScanProgressed",
    "ScanService",
    "Upload",
    "picture_uses",
]
